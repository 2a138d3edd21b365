using System.Runtime.Serialization;

namespace DurableTask.Core;

public class OrchestrationInstance
{
    public string? InstanceId { get; set; }

    /// <summary>Changes with each continue-as-new.</summary>
    public string? ExecutionId { get; set; }

    /// <summary>Always null here.</summary>
    public ExtensionDataObject? ExtensionData { get; set; }

    public override string ToString() => $"[InstanceId: {InstanceId}, ExecutionId: {ExecutionId}]";
}

/// <summary>The orchestration that called this one.</summary>
public class ParentInstance
{
#pragma warning disable CA1051 // Fields in the real API.
    public string? Name;

    public OrchestrationInstance? OrchestrationInstance;

    /// <summary>The number of the call within the parent.</summary>
    public int TaskScheduleId;

    public string? Version;
#pragma warning restore CA1051

    /// <summary>Always null here.</summary>
    public ExtensionDataObject? ExtensionData { get; set; }
}
