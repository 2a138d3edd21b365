using System.Text.Json;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Reporting;
using Orchestrator.Workflows.Tests.Migrations;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Traffic;

public sealed class TrafficReportTests
{
    private const string RunId = "shop-v2";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private readonly InMemoryDocuments store = new();
    private readonly RunDocuments documents;

    public TrafficReportTests() => documents = new RunDocuments(store);

    [Fact]
    public async Task Each_step_is_told_with_its_gates_beside_the_old_version()
    {
        await RecordAsync("first", Passed);

        var report = await ReportAsync();

        Assert.Contains("## Traffic in steps\n", report);
        Assert.Contains("**All steps held.** The slot was drained before its writes were paused", report);
        Assert.Contains("| 1 | 10 % | 2026-11-21 06:00:00Z | 2026-11-21 06:05:00Z | passed | 1,200 | 10,800 | by the gates |", report);
        Assert.Contains("| 2 | 50 % | 2026-11-21 06:05:00Z | 2026-11-21 06:15:00Z | too few requests to judge (below 20) | 12 | no data | go on: cho@contoso.com, it is night |", report);
        Assert.Contains("| 1 | errorRate | 0.0025 | 0.01 | 0.005 | passed |", report);
        Assert.Contains("| 1 | responseTime | 0.21 | 0.3 | 0.2 | passed |", report);
        Assert.Contains("| 2 | errorRate | no data | none | no data | too few requests |", report);
    }

    [Fact]
    public async Task What_was_carried_each_way_and_what_both_sides_changed_is_told()
    {
        await RecordAsync("first", Passed);

        var report = await ReportAsync();

        Assert.Contains("| orders | 1,500 | 64 | 2.5 s | 2 |", report);
        Assert.Contains("- orders: 7.json", report);
        Assert.Contains(@"- orders: odd\_\|name.json", report);
    }

    [Fact]
    public async Task Steps_that_went_back_say_why_and_what_is_not_known()
    {
        var down = Passed.Steps[0] with { Outcome = TrafficReading.GoingBack, Gates = [] };
        var back = Passed with { Steps = [.. Passed.Steps, down], Outcome = TrafficOutcome.WentBack, Code = TrafficCodes.GateFailed, Why = "errorRate is 0.2, the gate allows 0.01", Drained = null };
        await RecordAsync("first", back);

        var report = await ReportAsync();

        Assert.Contains("**All clients were taken back to the old version.** MIG0344: errorRate is 0.2, the gate allows 0.01", report);
        Assert.Contains("Whether the slot was drained before its writes were paused is not known", report);
        Assert.Contains("| 3 | 10 % | 2026-11-21 06:00:00Z | 2026-11-21 06:05:00Z | on the way back | 1,200 | 10,800 | – |", report);
    }

    [Fact]
    public async Task Steps_that_are_taken_again_are_told_in_their_order()
    {
        await RecordAsync("first", Passed with { Outcome = TrafficOutcome.WentBack });
        await RecordAsync("second", Passed);

        var report = await ReportAsync();

        Assert.True(report.IndexOf("## Traffic in steps (1 of 2)", StringComparison.Ordinal) < report.IndexOf("taken back", StringComparison.Ordinal));
        Assert.True(report.IndexOf("## Traffic in steps (2 of 2)", StringComparison.Ordinal) < report.IndexOf("**All steps held.**", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_result_is_kept_once_under_its_key_without_the_place_it_would_go_on_from()
    {
        var asks = Passed with { Outcome = TrafficOutcome.Asks, Place = new TrafficPlace("k", TrafficPlace.Rising, 1, [], []) };

        await RecordAsync("first", asks);
        await RecordAsync("first", Passed);
        await RecordAsync("first", Passed);
        await RecordAsync("first", asks);

        var kept = Assert.Single((await documents.ReadAsync<TrafficRecord>(TrafficPaths.Record(RunId), default))!.Results);
        Assert.Equal(TrafficOutcome.Passed, kept.Result.Outcome);
        Assert.Null(kept.Result.Place);
        Assert.Equal(Passed.Steps.Count, kept.Result.Steps.Count);
    }

    [Fact]
    public async Task The_report_as_json_and_html_has_the_steps_too()
    {
        await RecordAsync("first", Passed);

        await ReportAsync();

        using var json = JsonDocument.Parse((await documents.ReadRawAsync(RunPaths.ReportJson(RunId), default))!);
        var step = json.RootElement.GetProperty("traffic").GetProperty("results")[0].GetProperty("result").GetProperty("steps")[0];
        Assert.Equal(10, step.GetProperty("percent").GetInt32());
        Assert.Contains("<h2>Traffic in steps</h2>", (await documents.ReadRawAsync(RunPaths.ReportHtml(RunId), default))!.ToString());
    }

    [Fact]
    public async Task A_run_without_steps_shows_none()
    {
        Assert.DoesNotContain("Traffic in steps", await ReportAsync());
    }

    private static TrafficResult Passed => new(
        TrafficOutcome.Passed,
        [
            new TrafficReading(10, At, At.AddMinutes(5), GateOutcome.Passed,
                [new GateReading(GateSpec.ErrorRate, 0.0025, 0.01, GateOutcome.Passed), new GateReading(GateSpec.ResponseTime, 0.21, 0.3, GateOutcome.Passed)],
                new SiteTraffic(At, At.AddMinutes(5), 1200, 3, 0.21), new SiteTraffic(At, At.AddMinutes(5), 10800, 54, 0.2)),
            new TrafficReading(50, At.AddMinutes(5), At.AddMinutes(15), TrafficGates.Inconclusive,
                [new GateReading(GateSpec.ErrorRate, null, null, TrafficGates.Inconclusive)],
                new SiteTraffic(At, At.AddMinutes(5), 12, 0, null), Production: null, "go on: cho@contoso.com, it is night"),
        ],
        [new SharedTurn("orders", There: 1500, Home: 64, LongestLag: TimeSpan.FromSeconds(2.5), Conflicts: ["7.json", "odd_|name.json"])],
        Drained: true);

    private Task RecordAsync(string key, TrafficResult result) => new RecordTraffic(store).RunAsync(new RecordTrafficOrder(RunId, key, result), default);

    private async Task<string> ReportAsync()
    {
        await documents.PutAsync(RunPaths.Spec(RunId), new MigrationSpec { Site = World.SiteId, Release = new ReleaseSpec() }, default);
        var state = new RunState(RunStatus.Succeeded, [], null, null, new Figures(), null, At);
        await new MakeReport(documents).RunAsync(new ReportOrder(RunId, RunStatus.Succeeded, state, null, null, null, [], "dee@contoso.com", At), default);
        return (await documents.ReadRawAsync(RunPaths.ReportMarkdown(RunId), default))!.ToString();
    }
}
