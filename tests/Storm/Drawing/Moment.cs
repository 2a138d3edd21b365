namespace Orchestrator.Storm;

/// <summary>When something happens: a while after the first, or the nth, time that something else was seen.</summary>
/// <param name="Nth">Which of the calls; 1 for what happens once.</param>
internal sealed record Moment(Trigger Trigger, int Nth, TimeSpan Delay)
{
    public override string ToString() => $"{Delay.TotalMilliseconds:0} ms after {(Nth > 1 ? $"the {Nth}. " : "")}{Trigger.Name}";
}

/// <summary>What can be waited for.</summary>
/// <param name="Method">Of a call to ARM or to the site; null for what the run shows.</param>
internal sealed record Trigger(string Name, string? Method = null, string? Path = null)
{
    public static readonly Trigger CutOver = new("the cut-over's begin");
    public static readonly Trigger Watching = new("the watch's begin");
    public static readonly Trigger RollBack = new("the rollback's request");
    public static readonly Trigger AnyCall = new("call to ARM", "", ".");
}
