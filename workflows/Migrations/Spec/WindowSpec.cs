namespace Orchestrator.Workflows.Migrations;

/// <summary>When a run may change production. Absent parts do not restrict.</summary>
public sealed record WindowSpec
{
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The openings of a week; none means always.</summary>
    public IReadOnlyList<WeeklyWindowSpec> Weekly { get; init; } = [];

    /// <summary>Whether to wait, inside an opening, for little traffic by the site's own metrics.</summary>
    public bool LowTraffic { get; init; }

    public IReadOnlyList<FreezeSpec> Freezes { get; init; } = [];
}

/// <summary>An opening on each of some days, by a wall clock. One that ends at or before its start ends on the next day.</summary>
public sealed record WeeklyWindowSpec
{
    /// <summary>The days on which it starts.</summary>
    public required IReadOnlyList<DayOfWeek> Days { get; init; }

    public required TimeOnly Start { get; init; }

    public required TimeOnly End { get; init; }

    /// <summary>A name of the IANA time zone database.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";
}

/// <summary>A time in which nothing starts, whatever the weekly windows say; <see cref="To"/> is the first instant after it.</summary>
public sealed record FreezeSpec
{
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public string? Reason { get; init; }
}
