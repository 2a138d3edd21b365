namespace Orchestrator.Workflows.Migrations;

/// <summary>What the slot must show before people are asked.</summary>
public sealed record VerifySpec
{
    public IReadOnlyList<HttpCheckSpec> Http { get; init; } = [];

    public LoadSpec? Load { get; init; }

    /// <summary>The age at which a result no longer counts and is taken again.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromHours(4);
}

public sealed record HttpCheckSpec
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>Text that the body must hold, compared ordinally.</summary>
    public string? Contains { get; init; }

    /// <summary>The longest time to the whole answer; null for no limit but the client's own.</summary>
    public TimeSpan? Within { get; init; }
}

public sealed record LoadSpec
{
    public required string Path { get; init; }

    /// <summary>Requests a second.</summary>
    public required int Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The largest share of failed requests, 0 to 1.</summary>
    public double ErrorRate { get; init; } = 0.01;

    /// <summary>The longest 95th percentile of response times.</summary>
    public TimeSpan? P95 { get; init; }
}
