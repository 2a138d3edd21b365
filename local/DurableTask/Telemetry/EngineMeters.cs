using System.Diagnostics.Metrics;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask.Telemetry;

/// <summary>
/// The figures of one engine. The meter has a name of its own: the Durable Task SDK has none of these instruments, and a
/// dashboard must not take them for figures of a whole task hub.
/// </summary>
internal sealed class EngineMeters : IDisposable
{
    public const string Name = "Orchestrator.DurableTask";

    private readonly Meter meter;
    private readonly Counter<long> commits;
    private readonly Histogram<int> groupSize;
    private readonly Histogram<double> commitDuration;
    private readonly Counter<long> replayed;
    private readonly Counter<long> ended;

    /// <param name="engine">Tells the meters of several engines in one process apart.</param>
    public EngineMeters(object engine)
    {
        meter = new Meter(new MeterOptions(Name) { Scope = engine });
        commits = meter.CreateCounter<long>("durabletask.commits", "{commit}", "Transactions on disk.");
        groupSize = meter.CreateHistogram<int>("durabletask.commit.group_size", "{write}", "Writes that one transaction took together.");
        commitDuration = meter.CreateHistogram<double>("durabletask.commit.duration", "s", "From the begin of a transaction until it is on disk.");
        replayed = meter.CreateCounter<long>("durabletask.events.replayed", "{event}", "History events that orchestrators were taken through again.");
        ended = meter.CreateCounter<long>("durabletask.instances.ended", "{instance}", "Orchestrations that have ended, by durabletask.task.status.");
    }

    /// <summary>What is looked at only when someone asks.</summary>
    public void Observe(ActivityDispatcher activities, InstanceDirectory instances)
    {
        meter.CreateObservableGauge("durabletask.activities.queued", () => activities.Queued, "{activity}", "Activities that wait for a place to run.");
        meter.CreateObservableGauge("durabletask.activities.running", () => activities.Running, "{activity}", "Activities that run.");
        meter.CreateObservableGauge("durabletask.turns.running", () => instances.RunningTurns, "{turn}", "Orchestrators at work, those that wait for a commit not counted.");
        meter.CreateObservableGauge("durabletask.instances.cached", () => instances.Cached, "{instance}", "Orchestrations in memory.");
    }

    public void Committed(int writes, TimeSpan duration)
    {
        commits.Add(1);
        groupSize.Record(writes);
        commitDuration.Record(duration.TotalSeconds);
    }

    public void Replayed(int events) => replayed.Add(events);

    public void Ended(OrchestrationRuntimeStatus status)
    {
        if (ended.Enabled)
            ended.Add(1, new KeyValuePair<string, object?>("durabletask.task.status", status.ToString()));
    }

    public void Dispose() => meter.Dispose();
}
