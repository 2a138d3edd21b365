using Microsoft.Azure.Functions.Worker;
using Orchestrator.Local.Functions.Discovery;
using Orchestrator.Local.Functions.Http;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>What the host says of itself when it has started.</summary>
internal sealed record HostSummary(IReadOnlyList<FoundFunction> Functions, HostJson HostJson, LocalHostSettings Settings)
{
    /// <summary>Name and trigger of each function, those that people call first.</summary>
    public IEnumerable<(string Name, string Trigger)> Lines() =>
        Functions.OrderBy(function => function.Kind).Select(function => (function.Name, Trigger(function)));

    private string Trigger(FoundFunction function) => function.Trigger switch
    {
        HttpTriggerAttribute => $"[{Methods(function)}] /{FunctionEndpoints.Route(function, HostJson.RoutePrefix)}",
        TimerTriggerAttribute timer => $"timer {timer.Schedule}",
        OrchestrationTriggerAttribute => "orchestrator",
        _ => "activity",
    };

    private static string Methods(FoundFunction function) =>
        FunctionEndpoints.Methods(function) is { Count: > 0 } methods ? string.Join(',', methods) : "any method";
}
