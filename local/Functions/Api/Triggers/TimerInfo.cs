namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer-triggered function learns of its schedule.</summary>
public class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True where this run is later than its time.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>The occurrences around a run, in UTC.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
