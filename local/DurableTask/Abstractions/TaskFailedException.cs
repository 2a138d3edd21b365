namespace Microsoft.DurableTask;

/// <summary>An activity or sub-orchestration that was awaited has failed.</summary>
public sealed class TaskFailedException : Exception
{
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : base(Describe(taskName, taskId, innerException?.Message), innerException)
    {
        ArgumentNullException.ThrowIfNull(innerException);
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = TaskFailureDetails.FromException(innerException);
    }

    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base(Describe(taskName, taskId, failureDetails?.ErrorMessage))
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails!;
    }

    public string TaskName { get; }

    /// <summary>The number of the task within its orchestration.</summary>
    public int TaskId { get; }

    /// <summary>Null on some hosts when the task was not known at all.</summary>
    public TaskFailureDetails FailureDetails { get; }

    [Obsolete("Use FailureDetails.IsCausedBy<T>().")]
    public bool IsCausedByException<T>()
        where T : Exception => FailureDetails?.ErrorType == typeof(T).FullName;

    private static string Describe(string name, int id, string? cause)
    {
        var text = $"Task '{name}' (#{id}) failed with an unhandled exception";
        return cause is null ? text + "." : $"{text}: {cause}";
    }
}
