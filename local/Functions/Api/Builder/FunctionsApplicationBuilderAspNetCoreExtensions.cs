namespace Microsoft.Azure.Functions.Worker.Builder;

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Serves HTTP functions on ASP.NET Core. Without this call an app with an HTTP function does not start.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.ServesHttp = true;
        return builder;
    }
}
