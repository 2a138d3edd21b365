namespace Orchestrator.Workflows.Migrations;

/// <summary>How the live site is told to refuse writes and to take them again, and for how long at most.</summary>
public sealed record WritePauseSpec
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);

    public required HttpCallSpec On { get; init; }

    public required HttpCallSpec Off { get; init; }

    /// <summary>A hard limit: a swap that would overrun it is undone, and tried again later.</summary>
    public TimeSpan Limit { get; init; } = DefaultLimit;

    /// <summary>How it is seen that writes are refused; null: the source is listed once more instead, within the pause.</summary>
    public PauseProbeSpec? Probe { get; init; }
}

/// <summary>A call that the site refuses while writes are paused, and that changes nothing when it does not.</summary>
public sealed record PauseProbeSpec
{
    public string Method { get; init; } = "POST";

    /// <summary>A path on the site, with its leading slash.</summary>
    public required string Path { get; init; }

    /// <summary>The status of a refusal.</summary>
    public int Status { get; init; } = 503;
}

/// <summary>One call to the site itself.</summary>
public sealed record HttpCallSpec
{
    public string Method { get; init; } = "POST";

    /// <summary>A path on the site, with its leading slash.</summary>
    public required string Path { get; init; }
}
