using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class MeterTests
{
    [Fact]
    public async Task Queued_and_running_activities_running_turns_and_cached_instances_can_be_read()
    {
        var begun = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks
                .AddActivityFunc("Hold", _ =>
                {
                    begun.Release();
                    return release.Task;
                })
                .AddOrchestratorFunc("Fan", context => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => context.CallActivityAsync("Hold")))),
            options => options.MaxConcurrentActivities = 2);
        using var figures = new Figures(engine);

        var id = await engine.RunAsync("Fan");
        await begun.WaitAsync();
        await begun.WaitAsync();

        Assert.Equal((3, 2, 1), (figures.Now("durabletask.activities.queued"), figures.Now("durabletask.activities.running"), figures.Now("durabletask.instances.cached")));
        release.SetResult();
        await engine.EndAsync(id);
        await engine.IdleAsync();
        Assert.Equal((0, 0, 0), (figures.Now("durabletask.activities.queued"), figures.Now("durabletask.activities.running"), figures.Now("durabletask.instances.cached")));
        Assert.Equal(0, figures.Now("durabletask.turns.running"));
    }

    [Fact]
    public async Task Commits_are_counted_with_what_they_took_together()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"));
        using var figures = new Figures(engine);
        var before = engine.Engine.Parts.Commits.Transactions;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => engine.RunAsync("Run")));
        await engine.IdleAsync();

        var commits = engine.Engine.Parts.Commits.Transactions - before;
        Assert.Equal(commits, figures.Sum("durabletask.commits"));
        // A start and a turn each.
        Assert.Equal(100, figures.Sum("durabletask.commit.group_size"));
        Assert.Equal(commits, figures.Of("durabletask.commit.duration").Count());
        Assert.All(figures.Of("durabletask.commit.duration"), seconds => Assert.InRange(seconds, double.Epsilon, 20));
    }

    [Fact]
    public async Task Replayed_events_are_counted_and_warm_instances_have_none()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddActivityFunc("Work", _ => { })
            .AddOrchestratorFunc("Run", async context =>
            {
                await context.CallActivityAsync("Work");
                await context.WaitForExternalEvent<string>("go");
                await context.WaitForExternalEvent<string>("go");
            }));
        var id = await engine.RunAsync("Run");
        await engine.IdleAsync();
        using (var warm = new Figures(engine))
        {
            await engine.Client.RaiseEventAsync(id, "go", "1");
            await engine.IdleAsync();
            Assert.Equal(0, warm.Sum("durabletask.events.replayed"));
        }

        await engine.CrashAndRestartAsync();
        using var cold = new Figures(engine);
        await engine.Client.RaiseEventAsync(id, "go", "2");
        await engine.EndAsync(id);

        // Started, scheduled, completed, raised.
        Assert.Equal(4, cold.Sum("durabletask.events.replayed"));
    }

    [Fact]
    public async Task Ended_instances_are_counted_by_status()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Run", _ => "ran")
            .AddOrchestratorFunc("Fail", _ => throw new InvalidOperationException("no"))
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never")));
        using var figures = new Figures(engine);

        await engine.RunAsync("Run");
        await engine.RunAsync("Run");
        await engine.RunAsync("Fail");
        await engine.Client.TerminateInstanceAsync(await engine.RunAsync("Wait"));
        await engine.IdleAsync();

        Assert.Equal(2, figures.Sum("durabletask.instances.ended", nameof(OrchestrationRuntimeStatus.Completed)));
        Assert.Equal(1, figures.Sum("durabletask.instances.ended", nameof(OrchestrationRuntimeStatus.Failed)));
        Assert.Equal(1, figures.Sum("durabletask.instances.ended", nameof(OrchestrationRuntimeStatus.Terminated)));
    }

    /// <summary>What one engine measures.</summary>
    private sealed class Figures : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly ConcurrentQueue<(string Name, double Value, string? Status)> measured = new();

        public Figures(TestEngine engine)
        {
            var scope = engine.Engine;
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Orchestrator.DurableTask" && instrument.Meter.Scope == scope)
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
            listener.Start();
        }

        public IEnumerable<double> Of(string name) => measured.Where(entry => entry.Name == name).Select(entry => entry.Value);

        public double Sum(string name, string? status = null) => measured.Where(entry => entry.Name == name && entry.Status == status).Sum(entry => entry.Value);

        public double Now(string gauge)
        {
            listener.RecordObservableInstruments();
            return Of(gauge).Last();
        }

        public void Dispose() => listener.Dispose();

        private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.Enqueue((instrument.Name, value, tags.Length == 0 ? null : (string?)tags[0].Value));
    }
}
