using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on a schedule.</summary>
/// <param name="schedule">Six fields, seconds first, in UTC; or <c>%setting%</c>, the name of a setting that holds them.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Runs the function once when the host starts, besides the schedule.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Whether the last run outlives the process, so that a missed one is made up for. The local host keeps no such record.</summary>
    public bool UseMonitor { get; set; } = true;
}
