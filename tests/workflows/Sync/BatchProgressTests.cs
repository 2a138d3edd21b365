using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Tests.Migrations;

namespace Orchestrator.Workflows.Tests.Sync;

public sealed class BatchProgressTests
{
    private static readonly BatchBase First = new(StepNames.Sync, "orders", Phase: 1, Done: 100, BytesDone: 1_000, Total: 1_000, BytesTotal: 10_000);
    private readonly InMemoryDocuments _store = new();
    private readonly ManualTime _time = new();
    private readonly CountingLog _log = new();

    [Fact]
    public async Task A_batch_tells_how_far_it_is_at_most_once_a_second_and_at_its_end()
    {
        await using (var batch = Start(First))
        {
            for (var half = 0; half < 8; half++)
            {
                _time.Pass(0.5);
                batch.Add(10, 100);
            }

            Assert.Equal(4, _store.Writes);
            Assert.Equal((180, 1_800), await DoneAsync());
            batch.Add(5, 50);
            Assert.Equal((180, 1_800), await DoneAsync());
        }

        Assert.Equal(5, _store.Writes);
        Assert.Equal((185, 1_850), await DoneAsync());
    }

    [Fact]
    public async Task Rates_are_those_of_the_last_half_minute_and_the_estimate_follows_them()
    {
        await using var batch = Start(First with { Done = 0, BytesDone = 0 });
        for (var second = 0; second < 10; second++) Work(batch, 50, 500);
        var fast = await ReadAsync();
        for (var second = 0; second < 40; second++) Work(batch, 5, 50);
        var slow = await ReadAsync();

        Assert.Equal((500, 50, 500), (fast.Done, fast.ObjectsPerSecond, fast.BytesPerSecond));
        Assert.Equal(10, fast.EtaSeconds);
        Assert.Equal((700, 5, 60), (slow.Done, slow.ObjectsPerSecond, slow.EtaSeconds));
    }

    [Fact]
    public async Task While_changes_are_followed_the_lag_grows_and_nothing_is_estimated()
    {
        await using var batch = Start(First with { Done = 600, BytesDone = 6_000, InStepUntil = _time.GetUtcNow().AddSeconds(-3) });
        Work(batch, 50, 500);
        Work(batch, 50, 500);

        var progress = await ReadAsync();

        Assert.Equal(new StepProgress(600, 1_000, 6_000, 10_000, EtaSeconds: null, ObjectsPerSecond: 50, BytesPerSecond: 500, LagSeconds: 5), progress);
    }

    [Fact]
    public async Task Batches_side_by_side_add_up_and_one_that_has_ended_adds_no_rate()
    {
        await using (var media = Start(First with { Part = "media", Done = 0, BytesDone = 0 })) Work(media, 100, 0);
        await using var orders = Start(First);
        Work(orders, 10, 0);
        var both = await ReadAsync();
        for (var second = 0; second < 10; second++) Work(orders, 10, 0);
        var one = await ReadAsync();

        Assert.Equal((210, 110), (both.Done, both.ObjectsPerSecond));
        Assert.Equal((310, 10), (one.Done, one.ObjectsPerSecond));
    }

    [Fact]
    public async Task A_batch_that_runs_late_does_not_turn_progress_back_but_a_new_attempt_does()
    {
        await using (var later = Start(First with { Phase = 2, Done = 500 })) later.Add(1, 0);
        await using (var late = Start(First)) late.Add(7, 0);
        Assert.Equal(501, (await ReadAsync()).Done);

        await using (var again = Start(First with { Attempt = 2, Done = 0 })) again.Add(3, 0);
        Assert.Equal(3, (await ReadAsync()).Done);
        await using (var late = Start(First with { Phase = 9 })) late.Add(7, 0);
        Assert.Equal(3, (await ReadAsync()).Done);
    }

    [Fact]
    public async Task That_progress_cannot_be_written_is_logged_once_and_is_no_fault_of_the_batch()
    {
        _store.Broken = new IOException("the store is away");
        await using (var batch = Start(First))
        {
            Work(batch, 1, 1);
            Work(batch, 1, 1);
        }

        Assert.Equal(1, _log.Warnings);
    }

    [Fact]
    public async Task Many_threads_lose_no_count()
    {
        const int threads = 4, each = 500_000;
        await using (var batch = Start(First with { Done = 0, BytesDone = 0, Total = threads * each }))
        {
            using var together = new Barrier(threads);
            var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
            {
                together.SignalAndWait();
                for (var count = 0; count < each; count++) batch.Add(1, 0);
            })).ToList();
            workers.ForEach(worker => worker.Start());
            workers.ForEach(worker => worker.Join());
        }

        Assert.Equal(threads * each, (await ReadAsync()).Done);
    }

    private BatchProgress Start(BatchBase from) => new ProgressReporter(_store, _time, _log).Start("shop", from);

    private void Work(BatchProgress batch, long objects, long bytes)
    {
        _time.Pass(1);
        batch.Add(objects, bytes);
    }

    private async Task<StepProgress> ReadAsync() => (await new RunDocuments(_store).ReadAsync<ProgressDocument>(RunPaths.Progress("shop", StepNames.Sync), default))!.Sum();

    private async Task<(long, long)> DoneAsync() => await ReadAsync() is var progress ? (progress.Done, progress.BytesDone) : default;

    private sealed class CountingLog : ILogger<ProgressReporter>
    {
        public int Warnings { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Warnings++;
    }
}
