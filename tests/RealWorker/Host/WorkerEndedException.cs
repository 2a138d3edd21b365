namespace Orchestrator.RealWorker.Host;

/// <summary>The worker's process ended before it answered.</summary>
internal sealed class WorkerEndedException(string message) : Exception(message);
