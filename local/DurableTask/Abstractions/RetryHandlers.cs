namespace Microsoft.DurableTask;

/// <summary>Says whether a failed task is tried again. Runs inside the orchestrator and is replayed with it.</summary>
public delegate bool RetryHandler(RetryContext retryContext);

/// <inheritdoc cref="RetryHandler"/>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);

/// <param name="LastAttemptNumber">1 after the first attempt.</param>
/// <param name="TotalRetryTime">From the call to the last failure, in the orchestration's own time.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
