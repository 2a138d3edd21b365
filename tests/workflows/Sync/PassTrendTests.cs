using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Tests.Sync;

public sealed class PassTrendTests
{
    private const long Few = 100;
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(10);

    [Fact]
    public void Passes_that_shrink_go_on_until_the_target_is_in_step()
    {
        Assert.Equal(
            [PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.InStep],
            Judge((1_000_000, 9_000_000, 3600), (50_000, 400_000, 200), (3_000, 20_000, 30), (80, 500, 4)));
    }

    [Fact]
    public void Three_passes_that_come_no_closer_fall_behind()
    {
        Assert.Equal(
            [PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.FallsBehind],
            Judge((1_000_000, 9_000_000, 3600), (50_000, 400_000, 200), (49_000, 410_000, 190), (51_000, 390_000, 210), (50_000, 400_000, 200)));
    }

    [Fact]
    public void A_source_that_is_rewritten_in_every_pass_is_known_after_the_fourth()
    {
        var verdicts = Judge([.. Enumerable.Repeat((1_000L, 1_000L, 60d), 4)]);

        Assert.Equal([PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.FallsBehind], verdicts);
    }

    [Fact]
    public void A_source_that_is_busy_every_other_pass_comes_no_closer()
    {
        var verdicts = Judge([.. Enumerable.Range(0, 6).Select(pass => pass % 2 == 0 ? (100_000L, 100_000L, 100d) : (50_000L, 50_000L, 50d))]);

        Assert.Equal(PassVerdict.FallsBehind, verdicts[^2]);
    }

    [Theory]
    [InlineData(0.75, 1, 1)]
    [InlineData(1, 0.75, 1)]
    [InlineData(1, 1, 0.75)]
    public void One_of_objects_bytes_and_lag_that_falls_is_enough(double objects, double bytes, double lag)
    {
        var verdicts = Judge([.. Enumerable.Range(0, 10).Select(pass => (
            (long)(1_000_000 * Math.Pow(objects, pass)), (long)(1_000_000 * Math.Pow(bytes, pass)), 10_000 * Math.Pow(lag, pass)))]);

        Assert.All(verdicts, verdict => Assert.Equal(PassVerdict.GoOn, verdict));
    }

    [Fact]
    public void Small_falls_add_up_but_twenty_passes_are_enough()
    {
        var verdicts = Judge([.. Enumerable.Range(0, 20).Select(pass => (1_000_000L, 1_000_000L, 10_000 * Math.Pow(0.92, pass)))]);

        Assert.All(verdicts[..^1], verdict => Assert.Equal(PassVerdict.GoOn, verdict));
        Assert.Equal(PassVerdict.FallsBehind, verdicts[^1]);
    }

    [Fact]
    public void A_target_that_keeps_up_within_its_limit_is_in_step_however_much_moves()
    {
        var verdicts = Judge([.. Enumerable.Repeat((5_000L, 5_000L, 8d), 4)]);

        Assert.Equal([PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.GoOn, PassVerdict.InStep], verdicts);
    }

    private static PassVerdict[] Judge(params (long Objects, long Bytes, double Lag)[] passes)
    {
        PassTrend? trend = null;
        return [.. passes.Select(pass =>
        {
            var lag = TimeSpan.FromSeconds(pass.Lag);
            trend = PassTrend.After(trend, pass.Objects, pass.Bytes, lag);
            return trend.Judge(pass.Objects, lag, MaxLag, Few);
        })];
    }
}
