namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>What a slot should be running by its present configuration: nothing (stopped), the default page (no package), or a package.</summary>
internal sealed record AppGoal(bool Stopped, SlotStart? Start, string WarmUpPath = "/");

internal enum AppState
{
    Stopped,
    Starting,
    Running,
    Failed,
}
