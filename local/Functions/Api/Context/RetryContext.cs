namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries that the host made of a function. The local host makes none; activities are retried by their orchestrator.</summary>
public abstract class RetryContext
{
    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}
