namespace Orchestrator.Infra.Tests;

/// <summary>Settings that others than the app read. Reviewed by hand: they cannot be reflected over.</summary>
internal static class HostSettings
{
    public static IReadOnlyDictionary<string, (string Reader, string Default)> Reviewed { get; } = new Dictionary<string, (string, string)>
    {
        ["AzureWebJobsStorage__accountName"] = ("Functions host: its own storage, and the runs' where `host.json` names no other", "none, required"),
        ["AzureWebJobsStorage__credential"] = ("Functions host", "the system-assigned identity, which the app has not"),
        ["AzureWebJobsStorage__clientId"] = ("Functions host", "none"),
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = ("Functions host and app", "none: nothing is sent"),
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = ("Functions host: the component takes tokens only", "none"),
        ["AZURE_CLIENT_ID"] = ("`DefaultAzureCredential` in the app: which identity", "none"),
        ["OTEL_TRACES_SAMPLER"] = ("Functions host and app: how traces are sampled on their way to Application Insights", "`microsoft.rate_limited`"),
        ["OTEL_TRACES_SAMPLER_ARG"] = ("Functions host and app: which part of the traces is kept, 0 to 1", "5 traces a second"),
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = ("Functions host and app: where else telemetry goes", "none: nowhere else"),
        ["OTEL_EXPORTER_OTLP_HEADERS"] = ("Functions host and app: what that endpoint wants to be told, a key for instance", "none"),
        ["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"] = ("durable extension, as `host.scheduler.json` names it; no secret is in it", "none"),
    };
}
