using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Probing;
using Orchestrator.Workflows.Reporting;

namespace Orchestrator.Workflows.Tests.Probing;

public sealed class ProbeReportTests
{
    private readonly ProbedSite site = new();

    [Fact]
    public async Task The_report_tells_before_cut_over_and_after_with_what_was_missed()
    {
        await site.KeepBatchAsync(0);
        await site.KeepBatchAsync(1, second => second is >= 21 and < 23);
        await site.SummarizeAsync((ProbeSpan.Before, 0, 20), (ProbeSpan.CutOver, 20, 30), (ProbeSpan.After, 30, 80));

        var report = await ReportAsync();

        Assert.Contains("| | before | during the cut-over | after |", report);
        Assert.Contains("| Downtime | none seen | 2,000 ms | none seen |", report);
        Assert.Contains("| Of it probed | 100.0 % | 100.0 % | 20.0 % |", report);
        Assert.Contains("**after: for 40.0 s of 50.0 s nothing was probed**", report);
        Assert.Contains("| 2026-11-21 06:00:21.000Z | cutOver | status 503 |", report);
    }

    [Fact]
    public async Task A_run_without_probes_shows_none()
    {
        Assert.DoesNotContain("probes", await ReportAsync());
    }

    private async Task<string> ReportAsync()
    {
        var state = new RunState(RunStatus.Succeeded, [], null, null, new Figures(), null, ProbedSite.At(100));
        await new MakeReport(site.Documents).RunAsync(
            new ReportOrder(ProbedSite.RunId, RunStatus.Succeeded, state, Before: null, After: null, Watch: null, LeftBehind: [], "dee@contoso.com", ProbedSite.At(0)), default);
        return (await site.Documents.ReadRawAsync(RunPaths.ReportMarkdown(ProbedSite.RunId), default))!.ToString();
    }
}
