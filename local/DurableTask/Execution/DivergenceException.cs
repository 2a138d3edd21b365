namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>Replayed, the orchestrator did something else than its history says.</summary>
internal sealed class DivergenceException(string message) : Exception(message);
