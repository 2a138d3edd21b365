namespace Orchestrator.Workflows.Migrations;

/// <summary>How production is probed from the outside while a run changes it.</summary>
public sealed record ProbeSpec
{
    public const int DefaultRate = 5;

    /// <summary>A path on the site, with its leading slash; null for the site's health check path, and <c>/</c> where it has none.</summary>
    public string? Path { get; init; }

    /// <summary>Probes a second; 0 for none.</summary>
    public int Rate { get; init; } = DefaultRate;
}
