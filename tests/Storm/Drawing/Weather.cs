namespace Orchestrator.Storm;

/// <summary>What one seed draws: kills of the functions app, faults of calls, a rollback or a cancellation, or some of these at once.</summary>
internal sealed record Weather(int Seed, IReadOnlyList<Kill> Kills, IReadOnlyList<Fault> Faults, Moment? RollBack, Moment? Cancel, TimeSpan PauseLimit)
{
    private static readonly int[] Statuses = [500, 503, 429, 409];
    private static readonly CallKind[] Seen = [.. CallKind.All.Where(kind => kind.IsSeen)];

    /// <summary>The same seed draws the same.</summary>
    public static Weather Of(int seed)
    {
        var random = new Random(seed);
        var (kills, faults, rollsBack) = random.Next(100) switch
        {
            < 25 => (1, 0, false),
            < 35 => (2, 0, false),
            < 55 => (0, 1, false),
            < 65 => (0, 2, false),
            < 75 => (0, 0, true),
            < 83 => (1, 1, false),
            < 90 => (1, 0, true),
            < 96 => (0, 1, true),
            _ => (1, 1, true),
        };
        Kill[] drawnKills = [.. Enumerable.Range(0, kills).Select(_ => DrawKill(random, rollsBack))];
        Fault[] drawnFaults = [.. DrawFaults(random, faults, rollsBack)];
        // An undo is met only by a run that is undone.
        var undoes = drawnKills.Any(kill => kill.At.Trigger == CallKind.Reset.Trigger) || drawnFaults.Any(fault => fault.Kind == CallKind.Reset);
        return new Weather(
            seed,
            drawnKills,
            undoes && !rollsBack ? [.. drawnFaults.Where(fault => fault.Kind != CallKind.ReadOnly), Fault.RefusedPause] : drawnFaults,
            rollsBack ? new Moment(Trigger.Watching, 1, Milliseconds(random.Next(1000))) : null,
            !rollsBack && random.Next(8) == 0 ? new Moment(Trigger.CutOver, 1, Milliseconds(random.Next(1500))) : null,
            TimeSpan.FromSeconds(random.Next(3) == 0 ? 5 : 20));
    }

    public override string ToString() =>
        $"""
        seed {Seed}: {string.Join("; ", Kills.Select(kill => $"{kill}").Concat(Faults.Select(fault => $"{fault}")).Append(RollBack is null ? null : $"rolled back {RollBack}").Append(Cancel is null ? null : $"cancelled {Cancel}").OfType<string>())}; writes may be paused for {PauseLimit.TotalSeconds:0} s
        """;

    private static Kill DrawKill(Random random, bool rollsBack)
    {
        var (brief, long_) = (Milliseconds(random.Next(40)), Milliseconds(random.Next(3000)));
        var moment = random.Next(10) switch
        {
            < 3 when rollsBack => new Moment(Trigger.RollBack, 1, long_),
            < 3 => new Moment(Trigger.CutOver, 1, long_),
            < 5 => new Moment(Trigger.AnyCall, random.Next(1, rollsBack ? 60 : 30), brief),
            < 9 => new Moment(Seen[random.Next(Seen.Length)].Trigger, random.Next(1, rollsBack ? 4 : 3), brief),
            _ => new Moment(Trigger.Watching, 1, Milliseconds(random.Next(800))),
        };
        return new Kill(moment, Milliseconds(random.Next(4) == 0 ? random.Next(2000) : 0));
    }

    private static IEnumerable<Fault> DrawFaults(Random random, int count, bool rollsBack)
    {
        var kinds = CallKind.All.ToArray();
        random.Shuffle(kinds);
        foreach (var kind in kinds.Take(count))
        {
            var lost = random.Next(4) == 0;
            var late = random.Next(4) == 0;
            int? status = lost || (late && random.Next(2) == 0) ? null : Statuses[random.Next(Statuses.Length)];
            var times = random.Next(100) switch { < 60 => 1, < 92 => random.Next(2, 4), _ => (int?)null };
            yield return new Fault(
                kind, HasEffect: random.Next(2) == 0, After: random.Next(2) == 0 ? 0 : random.Next(rollsBack ? 4 : 2), times, status, late ? random.Next(100, 3000) : null, lost);
        }
    }

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}

/// <param name="Away">How long no process runs.</param>
internal sealed record Kill(Moment At, TimeSpan Away)
{
    public override string ToString() => $"killed {At}{(Away > TimeSpan.Zero ? $", and away for {Away.TotalMilliseconds:0} ms" : "")}";
}
