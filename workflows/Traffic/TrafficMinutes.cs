namespace Orchestrator.Workflows.Traffic;

/// <summary>Which time the platform is asked about: it counts by the minute, and what is shorter is asked for as it is.</summary>
internal static class TrafficMinutes
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Second = TimeSpan.FromSeconds(1);

    /// <summary>The whole minutes since an instant; where those are few, the time since it, from a whole second on: what went before in it was not of the step.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Between(DateTimeOffset since, DateTimeOffset now)
    {
        if (now - since >= 3 * Minute) return (Up(since, Minute), Down(now, Minute));
        var from = Up(since, Second);
        return (from, now - from >= Second ? now : from + Second);
    }

    /// <summary>The last whole unit that began after an instant: a minute where steps are held for minutes, else a second; null while there is none.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? LastWhole(DateTimeOffset since, DateTimeOffset now, TimeSpan hold)
    {
        var unit = hold >= Minute ? Minute : Second;
        var to = Down(now, unit);
        return to - unit < since ? null : (to - unit, to);
    }

    private static DateTimeOffset Down(DateTimeOffset at, TimeSpan unit) => at.AddTicks(-(at.UtcTicks % unit.Ticks));

    private static DateTimeOffset Up(DateTimeOffset at, TimeSpan unit) => Down(at.AddTicks(unit.Ticks - 1), unit);
}
