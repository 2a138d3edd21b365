using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Local.Functions.Http;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>What an app's builder has before the app says anything: settings, logging, Kestrel, the worker's serializer.</summary>
internal static class BuilderDefaults
{
    /// <summary>The largest body that the Functions host lets in.</summary>
    public const long MaxRequestBodyBytes = 100 * 1024 * 1024;

    /// <summary>How long a stop waits for what runs.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    public static (WebApplicationBuilder Builder, HostJson HostJson) CreateBuilder(LocalHostOptions options)
    {
        var environment = AppConfiguration.EnvironmentName(options);
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = options.Folder, EnvironmentName = environment });
        AppConfiguration.Add(builder.Configuration, options, environment);
        var hostJson = HostJson.Read(options.Folder, builder.Configuration);
        AddLogging(builder, hostJson);
        AddServer(builder, options);
        AddServices(builder.Services);
        // A service that lacks what it needs is a fault of the start, not of the first function that asks for it.
        ((IHostApplicationBuilder)builder).ConfigureContainer(
            new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }));
        return (builder, hostJson);
    }

    private static void AddLogging(WebApplicationBuilder builder, HostJson hostJson)
    {
        builder.Logging.AddConfiguration(hostJson.Logging);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        // What stops a start is said once, in one line, by StartFault; the framework would say it again, with its stack.
        var start = new StartGate();
        builder.Services.AddSingleton(start);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => start.IsPassed && level >= LogLevel.Information);
        // The host says where it listens, with the state file, in a line of its own.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
    }

    private static void AddServer(WebApplicationBuilder builder, LocalHostOptions options)
    {
        if (!options.Listens)
        {
            builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.Server.IServer, NoServer>();
            return;
        }

        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(LocalHostSettings.Read(builder.Configuration).Urls);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
        });
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddRoutingCore();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<Microsoft.AspNetCore.Routing.MatcherPolicy, MethodMatcherPolicy>());
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = StopTimeout;
            host.ServicesStopConcurrently = true;
        });
        services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>().PostConfigure<IOptions<JsonSerializerOptions>>(
            (worker, json) => worker.Serializer ??= new JsonObjectSerializer(json.Value));
    }
}
