namespace Orchestrator.Local.Functions.Hosting;

/// <summary>Whether the host has started.</summary>
internal sealed class StartGate
{
    public bool IsPassed { get; set; }
}
