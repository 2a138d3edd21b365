namespace Orchestrator.Local.Demo;

/// <summary>The switches. At most one of the three that disturb the run is given.</summary>
internal sealed record DemoOptions
{
    public static readonly string[] FailableSteps = ["provision", "sync", "verify", "cutOver"];

    public static readonly string[] Steps =
        ["plan", "wait", "snapshot", "provision", "sync", "verify", "approve", "cutOver", "watch", "report"];

    public int Objects { get; init; } = 5000;

    public bool Json { get; init; }

    public bool Keep { get; init; }

    public bool Build { get; init; } = true;

    public bool Reject { get; init; }

    public bool RollBack { get; init; }

    public string? FailAt { get; init; }

    public string? KillAt { get; init; }

    /// <summary>How the run must end for the demo to be a success.</summary>
    public string ExpectedStatus => FailAt is not null ? "compensated" : Reject ? "rejected" : RollBack ? "rolledBack" : "succeeded";
}
