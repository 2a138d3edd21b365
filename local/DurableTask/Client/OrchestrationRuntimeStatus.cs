namespace Microsoft.DurableTask.Client;

public enum OrchestrationRuntimeStatus
{
    Running = 0,
    Completed = 1,

    [Obsolete("Never reported: an instance that continues as new is Running.")]
    ContinuedAsNew = 2,
    Failed = 3,

    [Obsolete("Never reported: an instance that was stopped is Terminated.")]
    Canceled = 4,
    Terminated = 5,
    Pending = 6,
    Suspended = 7,
}
