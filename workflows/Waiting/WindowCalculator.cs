using NodaTime;
using NodaTime.TimeZones;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Waiting;

/// <summary>
/// Finds when a window is open. Pure, but it reads the time zone database that it was built with, and a later build may bring
/// another one: an orchestrator asks it through an activity.
/// </summary>
public static class WindowCalculator
{
    /// <summary>How far it looks; a window that does not open before is impossible.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(366);

    /// <summary>The shortest opening that a cut-over can be of use in.</summary>
    public static readonly TimeSpan ShortestUseful = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The next opening at or after <paramref name="at"/> with at least <paramref name="minimumLength"/> left in it. An opening that
    /// has begun starts at <paramref name="at"/>. Null where there is none within <see cref="Horizon"/>.
    /// </summary>
    /// <param name="window">Null for a run that may start at any time.</param>
    public static WindowOpening? Next(WindowSpec? window, DateTimeOffset at, TimeSpan minimumLength)
    {
        var limit = at + Horizon;
        if (window is null)
            return new WindowOpening(at, DateTimeOffset.MaxValue);

        var from = window.NotBefore > at ? window.NotBefore.Value : at;
        var openings = window.Weekly.Count == 0 ? [new WindowOpening(from, DateTimeOffset.MaxValue)] : Merge(Weekly(window.Weekly, from, limit));
        return openings
            .Where(opening => opening.End > from)
            .Select(opening => opening.Start < from ? opening with { Start = from } : opening)
            .SelectMany(opening => Without(window.Freezes, opening))
            .FirstOrDefault(opening => opening.Start <= limit && opening.Length >= minimumLength);
    }

    private static IEnumerable<WindowOpening> Weekly(IReadOnlyList<WeeklyWindowSpec> weekly, DateTimeOffset from, DateTimeOffset limit)
    {
        foreach (var rule in weekly)
        {
            var zone = DateTimeZoneProviders.Tzdb[rule.TimeZone];
            // The day before as well: its opening may reach past midnight.
            var date = Instant.FromDateTimeOffset(from).InZone(zone).Date.PlusDays(-1);
            var last = Instant.FromDateTimeOffset(limit).InZone(zone).Date;
            for (; date <= last; date = date.PlusDays(1))
            {
                if (rule.Days.Contains((DayOfWeek)((int)date.DayOfWeek % 7)) && On(date, rule, zone) is { } opening)
                    yield return opening;
            }
        }
    }

    private static WindowOpening? On(LocalDate date, WeeklyWindowSpec rule, DateTimeZone zone)
    {
        var startsAt = date + LocalTime.FromTimeOnly(rule.Start);
        var endsAt = (rule.End <= rule.Start ? date.PlusDays(1) : date) + LocalTime.FromTimeOnly(rule.End);

        // When clocks go back a time of day comes twice. Only the part in which the clock never leaves the opening counts, so that
        // nobody who reads a clock is surprised; an opening that lies wholly in the repeated hour is taken once, the second time.
        var start = Resolve(startsAt, zone, Resolvers.ReturnLater);
        var end = Resolve(endsAt, zone, Resolvers.ReturnEarlier);
        if (end <= start)
            end = Resolve(endsAt, zone, Resolvers.ReturnLater);

        // When clocks go forward, an opening that lies wholly in the missing hour does not happen.
        return end > start ? new WindowOpening(start, end) : null;
    }

    private static DateTimeOffset Resolve(LocalDateTime local, DateTimeZone zone, AmbiguousTimeResolver twice) =>
        zone.ResolveLocal(local, Resolvers.CreateMappingResolver(twice, Resolvers.ReturnStartOfIntervalAfter)).ToInstant().ToDateTimeOffset();

    private static List<WindowOpening> Merge(IEnumerable<WindowOpening> openings)
    {
        var merged = new List<WindowOpening>();
        foreach (var next in openings.OrderBy(opening => opening.Start))
        {
            if (merged.Count > 0 && next.Start <= merged[^1].End)
                merged[^1] = merged[^1] with { End = next.End > merged[^1].End ? next.End : merged[^1].End };
            else
                merged.Add(next);
        }

        return merged;
    }

    private static IEnumerable<WindowOpening> Without(IReadOnlyList<FreezeSpec> freezes, WindowOpening opening)
    {
        var start = opening.Start;
        foreach (var freeze in freezes.Where(freeze => freeze.To > opening.Start && freeze.From < opening.End).OrderBy(freeze => freeze.From))
        {
            if (freeze.From > start)
                yield return new WindowOpening(start, freeze.From);
            if (freeze.To > start)
                start = freeze.To;
        }

        if (start < opening.End)
            yield return opening with { Start = start };
    }
}
