namespace Orchestrator.Local.DurableTask;

/// <summary>Lets a test drive an engine that runs on a clock of the test's own.</summary>
public interface IEngineMonitor
{
    /// <summary>The earliest durable timer or scheduled start that is still ahead; null without one.</summary>
    DateTimeOffset? NextTimer { get; }

    /// <summary>Completes when no activity runs and no orchestration has anything to do before a timer fires or an event comes.</summary>
    Task WhenIdleAsync(CancellationToken cancellationToken = default);
}
