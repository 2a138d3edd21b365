namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The start of every Functions app.</summary>
#pragma warning disable CA1052 // The real class can be constructed, and this one stands in for it.
public class FunctionsApplication
#pragma warning restore CA1052
{
    /// <summary>A builder with the app's configuration read and its logging set up, as host.json and the settings say.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(new() { Args = args, OwnsProcess = true });
}
