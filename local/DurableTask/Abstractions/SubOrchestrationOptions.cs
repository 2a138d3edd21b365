namespace Microsoft.DurableTask;

/// <summary>How a sub-orchestrator is called.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry) => InstanceId = instanceId;

    /// <param name="instanceId">Null keeps the id of <paramref name="options"/>, where it has one.</param>
    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options) => InstanceId = instanceId ?? (options as SubOrchestrationOptions)?.InstanceId;

    public SubOrchestrationOptions(SubOrchestrationOptions options)
        : base(options) => InstanceId = options.InstanceId;

    /// <summary>Null: an id is made, the same on every replay.</summary>
    public string? InstanceId { get; init; }

    public new TaskVersion? Version
    {
        get => base.Version;
        init => base.Version = value;
    }
}
