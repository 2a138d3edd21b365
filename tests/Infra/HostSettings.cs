namespace Orchestrator.Infra.Tests;

/// <summary>Settings that others than the app read. Reviewed by hand: they cannot be reflected over.</summary>
internal static class HostSettings
{
    public static IReadOnlyDictionary<string, (string Reader, string Default)> Reviewed { get; } = new Dictionary<string, (string, string)>
    {
        ["AzureWebJobsStorage__accountName"] = ("Functions host: its own storage, and the runs' where `host.json` names no other", "none, required"),
        ["AzureWebJobsStorage__credential"] = ("Functions host", "the system-assigned identity, which the app has not"),
        ["AzureWebJobsStorage__clientId"] = ("Functions host", "none"),
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = ("Functions host", "none: nothing is sent"),
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = ("Functions host: the component takes tokens only", "none"),
        ["AZURE_CLIENT_ID"] = ("`DefaultAzureCredential` in the app: which identity", "none"),
        ["AzureFunctionsJobHost__logging__applicationInsights__samplingSettings__excludedTypes"] =
            ("Functions host, in place of `host.json`'s value", "none: everything is sampled"),
        ["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"] = ("durable extension, as `host.scheduler.json` names it; no secret is in it", "none"),
    };
}
