using Microsoft.Extensions.Logging;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Storage;
using Orchestrator.Local.DurableTask.Telemetry;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>What the parts of one running engine know of each other.</summary>
internal sealed class EngineParts
{
    public required LocalDurableTaskOptions Options { get; init; }

    public required ITaskInvoker Invoker { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Log { get; init; }

    public required ExecutionServices Executions { get; init; }

    public required StateDatabase Database { get; init; }

    public required CommitLoop Commits { get; init; }

    public required EngineMeters Meters { get; init; }

    public required SuspectGate Suspects { get; init; }

    public IdleTracker Idle { get; init; } = new();

    public InstanceWatch Watch { get; init; } = new();

    public InstanceDirectory Instances { get; set; } = null!;

    public ActivityDispatcher Activities { get; set; } = null!;

    public TimerQueue Timers { get; set; } = null!;

    /// <summary>The owner of the file before this one did not end in order.</summary>
    public bool RecoversFromCrash { get; init; }

    /// <summary>Instances up to this key were there when the engine started.</summary>
    public long LastKeyAtStart { get; init; }

    /// <summary>Ends when nothing more is delivered: what waits to be tried again is left to the next start.</summary>
    public TaskCompletionSource Stopping { get; } = new();

    public bool IsStopping => Stopping.Task.IsCompleted;

    /// <summary>Sets going what a commit has made.</summary>
    public void Dispatch(TurnEffects effects)
    {
        foreach (var timer in effects.RemovedTimers)
            Timers.Remove(new DueItem(timer.InstanceKey, timer.Execution, timer.TaskId));
        foreach (var timer in effects.Timers)
            Timers.Add(timer.FireAt, new DueItem(timer.InstanceKey, timer.Execution, timer.TaskId));
        foreach (var started in effects.Started)
            Dispatch(started);
        foreach (var (key, message) in effects.Messages)
            Instances.Deliver(key, message);
        foreach (var activity in effects.Activities)
            Activities.Enqueue(activity);
    }

    public void Dispatch(StartedInstance started)
    {
        if (started.Replaced is { } replaced)
            Instances.Drop(replaced);
        foreach (var timer in started.RemovedTimers)
            Timers.Remove(new DueItem(timer.InstanceKey, timer.Execution, timer.TaskId));
        if (started.NotBefore is { } at)
            Timers.Add(at, new DueItem(started.Key, 0, -1));
        else
            // Its inbox is read anyway; until then its input need not be in memory.
            Instances.Deliver(started.Key, null);
    }
}
