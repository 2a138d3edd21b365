using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes the function an orchestrator, on its <c>TaskOrchestrationContext</c> parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name. Default: the function's.</summary>
    public string? Orchestration { get; set; }
}
