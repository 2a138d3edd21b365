using System.Net;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Probing;

namespace Orchestrator.Workflows.Tests.Probing;

public sealed class ProbeSiteTests
{
    private readonly ProbedSite site = new();

    [Fact]
    public async Task An_outage_is_told_with_its_length_and_how_closely_that_is_known()
    {
        site.Answers = (second, _) => second is >= 4.1 and < 7.1 ? ProbedSite.Status(HttpStatusCode.ServiceUnavailable) : null;

        site.Probe(ProbedSite.Order(ProbedSite.First));

        var summary = await site.SummarizeAsync((ProbeSpan.CutOver, 0, 20));
        var figures = summary.Spans.Single();
        Assert.Equal((100, 15, 3000, 3000, 1.0), (figures.Probes, figures.Failed, figures.DowntimeMs, figures.LongestOutageMs, figures.Coverage));
        Assert.Equal(200, summary.ResolutionMs);
        Assert.Equal((ProbedSite.At(4.2), "status 503"), (summary.Failures[0].At, summary.Failures[0].Fault));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, 0)]
    [InlineData(HttpStatusCode.Found, 0)]
    [InlineData(HttpStatusCode.InternalServerError, 100)]
    public async Task Only_what_blames_the_server_is_a_failure(HttpStatusCode status, int failed)
    {
        site.Answers = (_, _) => ProbedSite.Status(status);

        site.Probe(ProbedSite.Order(ProbedSite.First));

        Assert.Equal(failed, (await site.SummarizeAsync((ProbeSpan.Before, 0, 20))).Spans.Single().Failed);
    }

    [Fact]
    public async Task Probes_keep_to_their_moments_while_earlier_ones_have_no_answer()
    {
        site.Answers = (second, cancellationToken) => second is >= 4.1 and < 7.1 ? ProbedSite.Hang(cancellationToken) : null;

        site.Probe(ProbedSite.Order(ProbedSite.First));

        Assert.Equal(Enumerable.Range(0, 100).Select(n => n * 0.2), site.Requests.Select(request => Math.Round(request.Second, 3)), (one, other) => Math.Abs(one - other) < 0.001);
        var summary = await site.SummarizeAsync((ProbeSpan.CutOver, 0, 20));
        Assert.Equal((15, 3000), (summary.Spans.Single().Failed, summary.Spans.Single().DowntimeMs));
        Assert.Equal("no answer within 5 s", summary.Failures[0].Fault);
    }

    [Fact]
    public async Task A_connection_that_fails_is_a_failure()
    {
        site.Answers = (second, _) => second < 0.1 ? Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError)) : null;

        site.Probe(ProbedSite.Order(ProbedSite.First));

        var failure = Assert.Single((await site.SummarizeAsync((ProbeSpan.Before, 0, 20))).Failures);
        Assert.Equal("ConnectionError", failure.Fault);
    }

    [Fact]
    public async Task A_batch_that_is_run_again_counts_once()
    {
        site.Probe(ProbedSite.Order(ProbedSite.First));

        site.Time.Pass(TimeSpan.FromSeconds(-10));
        site.Probe(ProbedSite.Order(ProbedSite.First));

        Assert.Equal(100, site.Requests.Count);
        Assert.Equal(100, (await site.SummarizeAsync((ProbeSpan.Before, 0, 20))).Spans.Single().Probes);
    }

    [Fact]
    public async Task A_batch_that_runs_twice_at_once_counts_once()
    {
        site.Time.Run(() => Task.WhenAll(site.Prober.RunAsync(ProbedSite.Order(ProbedSite.First), default), site.Prober.RunAsync(ProbedSite.Order(ProbedSite.First), default)));

        Assert.Equal(200, site.Requests.Count);
        Assert.Equal(100, (await site.SummarizeAsync((ProbeSpan.Before, 0, 20))).Spans.Single().Probes);
    }

    [Fact]
    public async Task A_stop_ends_a_batch_within_a_second_and_keeps_what_it_saw()
    {
        site.Answers = (second, cancellationToken) =>
        {
            if (second >= 5.3) new StopProbe(site.Documents, site.Time).RunAsync(new StopProbeOrder(ProbedSite.RunId, "the run has ended"), default).Wait(default(CancellationToken));
            return second >= 5 ? ProbedSite.Hang(cancellationToken) : null;
        };

        var result = site.Probe(ProbedSite.Order(ProbedSite.First));

        Assert.True(result.Stopped);
        Assert.InRange(site.Requests[^1].Second, 5.3, 6.4);
        var figures = (await site.SummarizeAsync((ProbeSpan.Before, 0, 20))).Spans.Single();
        Assert.Equal((25, 0), (figures.Probes, figures.Failed));
    }

    [Fact]
    public async Task A_batch_that_waits_for_its_time_sees_the_stop_too()
    {
        await new StopProbe(site.Documents, site.Time).RunAsync(new StopProbeOrder(ProbedSite.RunId, "the run has ended"), default);

        var result = site.Probe(ProbedSite.Order(ProbedSite.First + 1));

        Assert.True(result.Stopped);
        Assert.Empty(site.Requests);
        Assert.InRange(site.Second, 0, 1.1);
    }

    [Fact]
    public async Task A_batch_that_is_asked_for_early_waits_so_that_none_is_missed_between_two()
    {
        site.Time.Run(() => Task.WhenAll(site.Prober.RunAsync(ProbedSite.Order(ProbedSite.First), default), site.Prober.RunAsync(ProbedSite.Order(ProbedSite.First + 1), default)));

        var figures = (await site.SummarizeAsync((ProbeSpan.Before, 0, 40))).Spans.Single();
        Assert.Equal((200, 1.0), (figures.Probes, figures.Coverage));
        Assert.Equal(200, site.Requests.Count);
    }

    [Fact]
    public async Task A_batch_that_is_asked_for_late_probes_what_is_left_and_makes_up_for_nothing()
    {
        site.Time.Pass(TimeSpan.FromSeconds(10));

        site.Probe(ProbedSite.Order(ProbedSite.First));

        var figures = (await site.SummarizeAsync((ProbeSpan.Before, 0, 20))).Spans.Single();
        Assert.Equal((50, 0.5), (figures.Probes, figures.Coverage));
        Assert.Equal(10, site.Requests[0].Second);
    }

    [Fact]
    public async Task A_batch_whose_time_is_over_probes_nothing()
    {
        site.Time.Pass(TimeSpan.FromSeconds(20));

        site.Probe(ProbedSite.Order(ProbedSite.First));

        Assert.Empty(site.Requests);
        Assert.Equal(0, (await site.SummarizeAsync((ProbeSpan.Before, 0, 20))).Spans.Single().Coverage);
    }

    [Theory]
    [InlineData("/ready?deep=1", "/healthz", "/ready?deep=1")]
    [InlineData(null, "/healthz", "/healthz")]
    [InlineData(null, null, "/")]
    public async Task The_path_is_the_specs_else_the_sites_own_for_its_health(string? specs, string? sites, string probed)
    {
        await site.Documents.PutAsync(RunPaths.Spec(ProbedSite.RunId), new MigrationSpec { Site = World.SiteId, Release = new ReleaseSpec(), Probe = new ProbeSpec { Path = specs } }, default);

        site.Probe(ProbedSite.Order(ProbedSite.First, healthCheckPath: sites));

        Assert.All(site.Requests, request => Assert.Equal(probed, request.Path));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_rate_of_none_starts_no_prober(int rate, bool starts)
    {
        var spec = new MigrationSpec { Site = World.SiteId, Release = new ReleaseSpec(), Probe = new ProbeSpec { Rate = rate } };

        var input = ProbeInput.For(MigrationInput.From(spec, ProbedSite.RunId, "dee@contoso.com", default), World.Host, "/healthz", default);

        Assert.Equal(starts, input is not null);
    }
}
