using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>What holds for warm instances and for those that replay from the start on every turn. Each class of behaviour derives once for both.</summary>
public abstract class EngineTests(bool replayFromStart)
{
    protected Task<TestEngine> StartAsync(Action<DurableTaskRegistry> tasks, Action<LocalDurableTaskOptions>? configure = null) =>
        TestEngine.StartAsync(tasks, options =>
        {
            options.ReplayFromStart = replayFromStart;
            configure?.Invoke(options);
        });
}
