namespace Orchestrator.Functions.Tests.World;

/// <summary>The real clock, on which half a minute is over in a moment.</summary>
public sealed class ShortTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(30) ? TimeSpan.FromMilliseconds(50) : dueTime, period);
}
