using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests.Data;

public sealed class CopyPaceTests
{
    private const long Mebibyte = 1 << 20;
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private readonly JumpingTime time = new(Then);
    private readonly List<Exception> failures = [];
    private Func<CopyRates> rates = () => CopyRates.Unlimited;

    private double Second => (time.GetUtcNow() - Then).TotalSeconds;

    [Fact]
    public void All_that_copies_side_by_side_keeps_to_the_objects_a_second()
    {
        rates = () => new CopyRates(50, null);
        var pace = Pace();

        Copy(pace, workers: 8, each: 25, objects: 1, bytes: 3 * Mebibyte);

        Assert.InRange(Second, 199 / 50.0 - 0.25, 201 / 50.0);
    }

    [Fact]
    public void Pieces_larger_than_a_seconds_share_keep_to_the_bytes_a_second_over_time()
    {
        rates = () => new CopyRates(null, Mebibyte);
        var pace = Pace();

        Copy(pace, workers: 4, each: 2, objects: 0, bytes: 4 * Mebibyte);

        Assert.InRange(Second, (7 * 4) - 0.25, 7 * 4 + 0.1);
    }

    [Fact]
    public void Nothing_waits_where_nothing_is_throttled()
    {
        var pace = Pace();

        Copy(pace, workers: 8, each: 1000, objects: 1, bytes: Mebibyte);

        Assert.Equal(0, Second);
    }

    [Fact]
    public void Lifting_it_lets_those_go_on_that_wait()
    {
        rates = () => Second < 5 ? new CopyRates(1, null) : CopyRates.Unlimited;
        var pace = Pace();

        Copy(pace, workers: 4, each: 25, objects: 1, bytes: 0);

        Assert.InRange(Second, 5, 8.5);
    }

    [Fact]
    public void What_is_owed_under_a_low_rate_is_not_waited_for_under_a_higher_one()
    {
        rates = () => new CopyRates(null, Second < 5 ? 1 : 100 * Mebibyte);
        var pace = Pace();

        Copy(pace, workers: 1, each: 3, objects: 0, bytes: 10 * Mebibyte);

        Assert.InRange(Second, 5, 9);
    }

    [Fact]
    public void A_throttle_that_is_set_while_a_batch_copies_counts_within_seconds()
    {
        rates = () => Second < 5 ? CopyRates.Unlimited : new CopyRates(1, null);
        var pace = Pace();

        var late = time.Run(async () =>
        {
            var copied = 0;
            while (Second < 20)
            {
                await pace.TakeAsync(1, 0, () => false, default);
                if (Second >= 8.5) copied++;
                await time.WaitAsync(TimeSpan.FromMilliseconds(100), default);
            }
            return copied;
        });

        Assert.InRange(late, 10, 12);
    }

    [Fact]
    public void Who_runs_out_of_time_takes_nothing()
    {
        rates = () => new CopyRates(1, null);
        var pace = Pace();

        var taken = time.Run(async () => (await pace.TakeAsync(1, 0, () => false, default), await pace.TakeAsync(1, 0, () => Second >= 0.5, default)));

        Assert.Equal((true, false), taken);
        Assert.InRange(Second, 0.5, 0.8);
    }

    [Fact]
    public void Rates_that_cannot_be_read_go_on_to_hold()
    {
        rates = () => Second < 2 ? new CopyRates(10, null) : throw new IOException("the store is away");
        var pace = Pace();

        Copy(pace, workers: 2, each: 50, objects: 1, bytes: 0);

        Assert.InRange(Second, 9.5, 10.2);
        Assert.NotEmpty(failures);
    }

    [Fact]
    public void A_chunk_is_no_larger_than_the_share_of_a_batch_lets_through()
    {
        rates = () => new CopyRates(10, null);
        var pace = Pace();
        time.Run(async () => { await pace.EnterAsync(); return true; });

        Assert.Equal((75, 1000), pace.Within(TimeSpan.FromSeconds(15), objects: 500, bytes: 1000));
        pace.Leave();
        Assert.Equal((150, 1000), pace.Within(TimeSpan.FromSeconds(15), objects: 500, bytes: 1000));
    }

    private CopyPace Pace()
    {
        var pace = new CopyPace(_ => Task.FromResult(rates()), time, failures.Add);
        time.Run(async () => { await pace.EnterAsync(); return true; });
        return pace;
    }

    private void Copy(CopyPace pace, int workers, int each, int objects, long bytes) => time.Run(() => Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
    {
        for (var copied = 0; copied < each; copied++) Assert.True(await pace.TakeAsync(objects, bytes, () => false, default));
        return true;
    })));
}
