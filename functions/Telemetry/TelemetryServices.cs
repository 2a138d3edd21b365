using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestrator.Functions.Health;
using Orchestrator.Workflows.Azure;

namespace Orchestrator.Functions.Telemetry;

/// <summary>
/// The app's log lines, spans and meters, sent by the app itself: to Application Insights, to an OTLP endpoint, or to both, as settings say; to neither
/// where there are none. The Functions host has the same two settings and sends its own.
/// </summary>
public static class TelemetryServices
{
    /// <summary>Connection string of an Application Insights component; tokens for it are those of the app's identity.</summary>
    public const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Address of an OTLP endpoint. The other <c>OTEL_</c> settings of the OpenTelemetry specification hold too: protocol, headers, sampler.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Named by App Service: one role in Application Insights for the app and its host.
    private const string SiteName = "WEBSITE_SITE_NAME";

    // Source: Azure/azure-functions-dotnet-worker, ConfigureFunctionsOpenTelemetry. The host then sends none of the app's log lines a second time.
    private const string SendsItself = "WorkerOpenTelemetryEnabled";

    /// <summary>Spans of Durable Task on either host, and of the worker's invocations on Azure.</summary>
    private static readonly string[] Sources = ["Microsoft.DurableTask", "Microsoft.Azure.Functions.Worker"];

    private static readonly string[] Meters = ["Orchestrator.*", "Microsoft.DurableTask"];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var toMonitor = configuration[ConnectionString] is { Length: > 0 };
        var toOtlp = configuration[OtlpEndpoint] is { Length: > 0 };
        if (!toMonitor && !toOtlp)
            return services;

        services.Configure<WorkerOptions>(worker => worker.Capabilities[SendsItself] = bool.TrueString);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(configuration[SiteName] ?? "orchestrator", serviceVersion: Build.Version))
            .WithTracing(tracing => tracing.AddSource(Sources).AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(Meters))
            .WithLogging(configureBuilder: null, logging => logging.IncludeFormattedMessage = true);
        services.AddOptions<HttpClientTraceInstrumentationOptions>().Configure<IOptions<AzureOptions>>(OnlyResourceManager);
        if (toOtlp)
            telemetry.UseOtlpExporter();
        if (toMonitor)
        {
            telemetry.UseAzureMonitorExporter();
            services.AddOptions<AzureMonitorExporterOptions>().Configure<TokenCredential, IConfiguration>(ToMonitor);
        }

        return services;
    }

    // A span for each object that is copied, and for each probe, would cost more than it tells.
    private static void OnlyResourceManager(HttpClientTraceInstrumentationOptions http, IOptions<AzureOptions> azure) =>
        http.FilterHttpRequestMessage = request => request.RequestUri?.Host == azure.Value.ArmEndpoint.Host;

    private static void ToMonitor(AzureMonitorExporterOptions monitor, TokenCredential credential, IConfiguration configuration)
    {
        monitor.ConnectionString = configuration[ConnectionString];
        monitor.Credential = credential;
        // Alerts are made of log lines: none may go with the trace that was not sampled.
        monitor.EnableTraceBasedLogsSampler = false;
    }
}
