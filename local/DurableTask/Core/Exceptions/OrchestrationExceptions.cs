namespace DurableTask.Core.Exceptions;

/// <summary>Declared for code that catches it or looks for it with <see cref="FailureDetails.IsCausedBy{T}"/>; this engine throws only those that say so.</summary>
public class OrchestrationException : Exception
{
    public OrchestrationException()
    {
    }

    public OrchestrationException(string message)
        : base(message)
    {
    }

    public OrchestrationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public OrchestrationException(int eventId, string message, Exception? innerException)
        : base(message, innerException) => EventId = eventId;

    public int EventId { get; set; }

    public FailureDetails? FailureDetails { get; set; }
}

/// <summary>Replay went another way than the history: the error type of an instance that failed so.</summary>
public class NonDeterministicOrchestrationException : OrchestrationException
{
    public NonDeterministicOrchestrationException()
    {
    }

    public NonDeterministicOrchestrationException(string message)
        : base(message)
    {
    }

    public NonDeterministicOrchestrationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public NonDeterministicOrchestrationException(int eventId, string eventDetails)
        : base(eventId, $"Non-deterministic orchestration detected: {eventDetails}", null)
    {
    }
}

/// <inheritdoc cref="OrchestrationException"/>
public class TaskFailedException : OrchestrationException
{
    public TaskFailedException()
    {
    }

    public TaskFailedException(string reason)
        : base(reason)
    {
    }

    public TaskFailedException(string reason, Exception? innerException)
        : base(reason, innerException)
    {
    }

    public TaskFailedException(int eventId, int scheduleId, string name, string version, string reason, Exception? cause)
        : base(eventId, reason, cause) => (ScheduleId, Name, Version) = (scheduleId, name, version);

    public int ScheduleId { get; set; }

    public string? Name { get; set; }

    public string? Version { get; set; }
}

/// <inheritdoc cref="OrchestrationException"/>
public class SubOrchestrationFailedException : OrchestrationException
{
    public SubOrchestrationFailedException()
    {
    }

    public SubOrchestrationFailedException(string reason)
        : base(reason)
    {
    }

    public SubOrchestrationFailedException(string reason, Exception? innerException)
        : base(reason, innerException)
    {
    }

    public SubOrchestrationFailedException(int eventId, int scheduleId, string name, string version, string reason, Exception? cause)
        : base(eventId, reason, cause) => (ScheduleId, Name, Version) = (scheduleId, name, version);

    public int ScheduleId { get; set; }

    public string? Name { get; set; }

    public string? Version { get; set; }
}
