namespace Orchestrator.Workflows.Migrations;

/// <summary>How the live site is told to refuse writes and to take them again, and for how long at most.</summary>
public sealed record WritePauseSpec
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);

    public required HttpCallSpec On { get; init; }

    public required HttpCallSpec Off { get; init; }

    /// <summary>A hard limit: a cut-over that would overrun it is undone.</summary>
    public TimeSpan Limit { get; init; } = DefaultLimit;
}

/// <summary>One call to the site itself.</summary>
public sealed record HttpCallSpec
{
    public string Method { get; init; } = "POST";

    /// <summary>A path on the site, with its leading slash.</summary>
    public required string Path { get; init; }
}
