using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Probing;

namespace Orchestrator.Workflows.Tests.Probing;

public sealed class SummarizeProbeTests
{
    private readonly ProbedSite site = new();

    [Fact]
    public async Task Where_the_process_was_away_the_probes_do_not_cover_the_time()
    {
        await site.KeepBatchAsync(0);
        await site.KeepBatchAsync(3);

        var figures = (await site.SummarizeAsync((ProbeSpan.CutOver, 0, 80))).Spans.Single();

        Assert.Equal((200, 0, 0, 0.5), (figures.Probes, figures.Failed, figures.DowntimeMs, figures.Coverage));
    }

    [Fact]
    public async Task An_outage_over_two_batches_is_one()
    {
        await site.KeepBatchAsync(0, second => second >= 15);
        await site.KeepBatchAsync(1, second => second < 22 || second is >= 30 and < 31);

        var figures = (await site.SummarizeAsync((ProbeSpan.CutOver, 0, 40))).Spans.Single();

        Assert.Equal((8000, 7000, 40), (figures.DowntimeMs, figures.LongestOutageMs, figures.Failed));
    }

    [Fact]
    public async Task An_outage_over_the_edge_of_two_spans_is_divided_between_them()
    {
        await site.KeepBatchAsync(0, second => second is >= 8 and < 13);

        var spans = (await site.SummarizeAsync((ProbeSpan.Before, 0, 10), (ProbeSpan.CutOver, 10, 20))).Spans;

        Assert.Equal([2000L, 3000L], spans.Select(span => span.DowntimeMs));
        Assert.Equal([50L, 50L], spans.Select(span => span.Probes));
    }

    [Fact]
    public async Task An_outage_without_an_end_is_not_longer_than_what_was_seen_of_it()
    {
        await site.KeepBatchAsync(0, second => second >= 18);

        var figures = (await site.SummarizeAsync((ProbeSpan.After, 0, 40))).Spans.Single();

        Assert.Equal((2000, 0.5), (figures.DowntimeMs, figures.Coverage));
    }

    [Fact]
    public async Task The_response_times_are_those_of_good_answers()
    {
        await site.KeepBatchAsync(0, fails: second => second >= 19.8, took: second => second switch { >= 19.8 => 5000, >= 19.4 => 700, >= 18.8 => 300, _ => 20 });

        var figures = (await site.SummarizeAsync((ProbeSpan.After, 0, 20))).Spans.Single();

        Assert.Equal((700, 300, 42.2), (figures.WorstResponseMs, figures.P95ResponseMs, figures.MeanResponseMs));
    }

    [Fact]
    public async Task Without_a_probe_nothing_is_claimed()
    {
        var summary = await site.SummarizeAsync((ProbeSpan.CutOver, 0, 20));

        Assert.Null(summary.Spans.Single().WorstResponseMs);
        Assert.Equal(0, summary.Spans.Single().Coverage);
        Assert.Equal(new Figures { Requests = 7 }, summary.AddTo(new Figures { Requests = 7 }));
    }

    [Fact]
    public async Task The_runs_figures_are_those_from_the_cut_over_on()
    {
        await site.KeepBatchAsync(0, second => second is >= 2 and < 3, took: second => second < 5 ? 900 : 10);
        await site.KeepBatchAsync(1, second => second is >= 24 and < 25, took: second => second is >= 30 and < 31 ? 80 : 10);

        var figures = (await site.SummarizeAsync((ProbeSpan.Before, 0, 20), (ProbeSpan.CutOver, 20, 30), (ProbeSpan.After, 30, 50))).AddTo(new Figures { WritePauseMs = 412 });

        Assert.Equal((100, 5, 1000, 80, 412), (figures.Probes, figures.FailedProbes, figures.DowntimeMs, figures.WorstResponseMs, figures.WritePauseMs));
        Assert.Equal(0.6667, figures.ProbeCoverage);
    }
}
