using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>The local host for those who know that it is the local host.</summary>
public static class LocalFunctionsApplication
{
    /// <summary>As <see cref="FunctionsApplication.CreateBuilder"/>, with a say in where functions and settings come from.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(LocalHostOptions options) => new(options);

    /// <summary>The client that the app's functions get. It does not stand in the services, as it does not on Functions.</summary>
    public static DurableTaskClient DurableClient(this IHost host) => Own(host).DurableClient;

    /// <summary>Where a started host listens, with the port that it got where port 0 was asked for.</summary>
    public static Uri Address(this IHost host) => new(Own(host).Addresses.First());

    private static FunctionsHost Own(IHost host) =>
        host as FunctionsHost ?? throw new ArgumentException("This is not a host of this kind.", nameof(host));
}
