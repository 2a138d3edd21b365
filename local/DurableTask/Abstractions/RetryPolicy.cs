using System.ComponentModel;

namespace Microsoft.DurableTask;

/// <summary>Tries a failed task again after growing pauses. The pauses are durable timers.</summary>
public class RetryPolicy
{
    private readonly Func<TaskFailureDetails, bool>? handleFailure;

    /// <param name="maxNumberOfAttempts">The first attempt counts.</param>
    /// <param name="maxRetryInterval">Null: one hour.</param>
    /// <param name="retryTimeout">No attempt begins later than this after the call. Null: no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range, or a limit is below the first interval.</exception>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        CheckLimit(maxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        CheckLimit(retryTimeout, firstRetryInterval, nameof(retryTimeout));

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    public TimeSpan MaxRetryInterval { get; }

    public TimeSpan RetryTimeout { get; }

    [EditorBrowsable(EditorBrowsableState.Never)]
    public Func<Exception, bool> Handle =>
        exception => handleFailure is null || exception is TaskFailedException failed && handleFailure(failed.FailureDetails);

    [Obsolete("Never called. Use TaskOptions.FromRetryHandler or HandleFailure.")]
    public Func<Exception, Task<bool>>? HandleAsync { get; set; }

    /// <summary>Says whether a failure is worth another attempt. Unset: every failure is.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => handleFailure = value;
    }

    internal bool IsRetriable(TaskFailureDetails failure) => handleFailure is null || handleFailure(failure);

    private static void CheckLimit(TimeSpan? limit, TimeSpan first, string name)
    {
        if (limit < first && limit != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, limit, "Must not be less than the first retry interval.");
    }
}
