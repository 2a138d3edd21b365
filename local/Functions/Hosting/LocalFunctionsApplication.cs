using Microsoft.Azure.Functions.Worker.Builder;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>The local host for those who know that it is the local host.</summary>
public static class LocalFunctionsApplication
{
    /// <summary>As <see cref="FunctionsApplication.CreateBuilder"/>, with a say in where functions, settings and time come from.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(LocalHostOptions options) => new(options);
}
