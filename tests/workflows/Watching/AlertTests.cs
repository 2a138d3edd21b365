using System.Text.Json.Nodes;
using Azure.Core;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Reporting;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Watching;

public sealed class AlertTests(Azurite azurite) : IClassFixture<Azurite>
{
    private const string RunId = "shop-v2";
    private const string ActionGroup = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/actionGroups/on-call";
    private const string Rules = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/metricAlerts";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly WatchSpec Watch = new()
    {
        Gates = [new GateSpec { Metric = GateSpec.ErrorRate, Max = 0.01 }, new GateSpec { Metric = GateSpec.ResponseTime, Max = 0.5 }],
        Alerts = new AlertSpec { ActionGroup = ActionGroup, Severity = 1 },
    };

    [Fact]
    public async Task The_gates_of_the_watch_stay_as_alert_rules_however_often_they_are_made()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        var order = await OrderAsync(world);

        await Ensure(world).RunAsync(order, default);
        var result = await Ensure(world).RunAsync(order, default);

        Assert.Equal(
            [("shop-orchestrator-errorRate", AlertState.Stays, 30), ("shop-orchestrator-responseTime", AlertState.Stays, 0.5)],
            result.Rules.Select(rule => (rule.Name, rule.State, rule.Threshold!.Value)));
        var rules = (await GetAsync(world, Rules))["value"] as JsonArray;
        Assert.Equal(2, rules!.Count);
        var rule = rules[0]!;
        Assert.Equal((RunId, 1, World.SiteId, ActionGroup), (
            rule["tags"]!["orchestrator-run"]!.ToString(), (int)rule["properties"]!["severity"]!, rule["properties"]!["scopes"]![0]!.ToString(),
            rule["properties"]!["actions"]![0]!["actionGroupId"]!.ToString()));
    }

    [Fact]
    public async Task A_rule_that_azure_refuses_is_told_and_the_others_are_made()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        var order = await OrderAsync(world);
        await world.FaultAsync("PUT", "/metricAlerts/shop-orchestrator-errorRate$", status: 403);

        var result = await Ensure(world).RunAsync(order, default);

        Assert.Equal([AlertState.NotMade, AlertState.Stays], result.Rules.Select(rule => rule.State));
        Assert.Contains("403", result.Rules[0].Detail);
    }

    [Fact]
    public async Task A_rule_that_no_migration_made_is_left_alone()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        var order = await OrderAsync(world);
        await Ensure(world).RunAsync(order, default);
        var theirs = await GetAsync(world, $"{Rules}/shop-orchestrator-errorRate");
        theirs["tags"] = new JsonObject();
        theirs["properties"]!["severity"] = 4;
        await world.PutAsync($"{Rules}/shop-orchestrator-errorRate", theirs);

        var ensured = await Ensure(world).RunAsync(order, default);
        await Remove(world).RunAsync(new RemoveAlertsOrder(order.Hold), default);

        Assert.Equal(AlertState.NotMade, ensured.Rules[0].State);
        Assert.Equal(4, (int)(await GetAsync(world, $"{Rules}/shop-orchestrator-errorRate"))["properties"]!["severity"]!);
    }

    [Fact]
    public async Task Going_back_removes_the_rules_of_this_run_even_if_the_answer_that_made_them_was_lost()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        var order = await OrderAsync(world);
        await Ensure(world).RunAsync(order, default);
        await world.Documents.PutAsync(AlertPaths.Of(RunId), new AlertResult([]), default);

        var result = await Remove(world).RunAsync(new RemoveAlertsOrder(order.Hold), default);
        var again = await Remove(world).RunAsync(new RemoveAlertsOrder(order.Hold), default);

        Assert.All(result.Rules, rule => Assert.Equal(AlertState.Removed, rule.State));
        Assert.Equal(2, result.Rules.Count);
        Assert.Equal(result.Rules, again.Rules);
        Assert.Empty(((await GetAsync(world, Rules))["value"] as JsonArray)!);
    }

    [Fact]
    public async Task A_rule_that_cannot_be_removed_is_told_as_one_that_stays()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        var order = await OrderAsync(world);
        await Ensure(world).RunAsync(order, default);
        await world.FaultAsync("DELETE", "/metricAlerts/", status: 409);

        var result = await Remove(world).RunAsync(new RemoveAlertsOrder(order.Hold), default);

        Assert.All(result.Rules, rule => Assert.Equal(AlertState.NotRemoved, rule.State));
        Assert.Contains("## Alert rules that stay", await ReportAsync(world));
    }

    [Fact]
    public async Task A_late_repetition_makes_no_rule_once_the_site_is_given_free()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        var order = await OrderAsync(world);
        await world.Get<SiteLease>().ReleaseAsync(World.SiteId, RunId, default);

        var refused = await Assert.ThrowsAsync<PermanentFailureException>(() => Ensure(world).RunAsync(order, default));

        Assert.Equal(LeaseCodes.Lost, refused.Code);
        Assert.Empty(((await GetAsync(world, Rules))["value"] as JsonArray)!);
    }

    [Fact]
    public async Task The_report_lists_the_rules_that_stay_with_their_limits()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        await Ensure(world).RunAsync(await OrderAsync(world), default);

        var report = await ReportAsync(world);

        Assert.Contains("## Alert rules that stay", report);
        Assert.Contains("| shop-orchestrator-errorRate | errorRate | Http5xx Total 30 | stays |", report);
        Assert.Contains("| shop-orchestrator-responseTime | responseTime | HttpResponseTime Average 0.5 | stays |", report);
    }

    [Fact]
    public async Task A_plan_is_blocked_while_the_action_group_is_not_there()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        var spec = world.Spec() with { Watch = Watch };

        var without = await world.MigrateAsync(spec with { Id = "one" });
        await world.PutAsync(ActionGroup, JsonNode.Parse("""{"location":"Global","properties":{"groupShortName":"on-call","enabled":true}}""")!.AsObject());
        var with = await world.MigrateAsync(spec with { Id = "two", Mode = MigrationMode.Plan });

        Assert.Equal((RunStatus.Compensated, PlanCodes.NoActionGroup), (without.Status, without.Failure?.Code));
        Assert.Equal(RunStatus.Planned, with.Status);
        var plan = await world.Documents.ReadAsync<MigrationPlan>(RunPaths.Plan("two"), default);
        Assert.Empty(plan!.Blockers);
    }

    [Fact]
    public async Task A_run_leaves_the_rules_behind_and_its_rollback_removes_them()
    {
        await using var world = await World.StartAsync(azurite);
        await world.PutAsync(ActionGroup, JsonNode.Parse("""{"location":"Global","properties":{"groupShortName":"on-call","enabled":true}}""")!.AsObject());
        var watch = new WatchSpec { Duration = TimeSpan.FromSeconds(1), Gates = [new GateSpec { Metric = GateSpec.ResponseTime, Max = 60 }], Alerts = Watch.Alerts };
        await world.StartRunAsync(world.Spec() with { Watch = watch, Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });
        var succeeded = await world.UntilAsync(RunId, run => RunStatus.IsEnd(run.Status));
        var stay = ((await GetAsync(world, Rules))["value"] as JsonArray)!.Count;
        var report = await world.BackupAsync("report.md");

        await world.AskAsync(ControlRequest.Rollback);
        var run = await world.EndAsync(RunId);

        Assert.Equal((RunStatus.Succeeded, RunStatus.RolledBack), (succeeded.Status, run.Status));
        Assert.Equal(1, stay);
        Assert.Contains("## Alert rules that stay", report, StringComparison.Ordinal);
        Assert.Empty(((await GetAsync(world, Rules))["value"] as JsonArray)!);
        Assert.Contains("| removed |", await world.BackupAsync("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_rules_cannot_be_made_succeeds_all_the_same()
    {
        var faults = new Faults { FailsForGood = nameof(EnsureAlerts) };
        await using var world = await World.StartAsync(azurite, faults);
        await world.PutAsync(ActionGroup, JsonNode.Parse("""{"location":"Global","properties":{"groupShortName":"on-call","enabled":true}}""")!.AsObject());

        var run = await world.MigrateAsync(world.Spec() with { Watch = Watch with { Duration = TimeSpan.FromSeconds(1) } });

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Contains("alertsFailed", await world.BackupAsync("audit.jsonl"), StringComparison.Ordinal);
    }

    private static EnsureAlerts Ensure(World world) => new(world.Get<MetricAlerts>(), world.Get<SiteLease>(), world.Documents);

    private static RemoveAlerts Remove(World world) => new(world.Get<MetricAlerts>(), world.Get<SiteLease>(), world.Documents);

    private static async Task<AlertOrder> OrderAsync(World world)
    {
        var fence = await world.Get<SiteLease>().AcquireAsync(World.SiteId, RunId, default);
        var after = new SiteTraffic(At, At.AddMinutes(1), Requests: 600, Http5xx: 0, ResponseSeconds: 0.1);
        return new AlertOrder(new SiteHold(RunId, World.SiteId, fence), Watch, Before: null, after);
    }

    private static async Task<JsonObject> GetAsync(World world, string path) =>
        (JsonObject)(await world.Get<ArmGateway>().SendAsync(RequestMethod.Get, path, "2018-03-01")).Body!;

    private static async Task<string> ReportAsync(World world)
    {
        await world.Documents.PutAsync(RunPaths.Spec(RunId), world.Spec(), default);
        var state = new RunState(RunStatus.Succeeded, [], null, null, new Figures(), null, At);
        await new MakeReport(world.Documents).RunAsync(new ReportOrder(RunId, RunStatus.Succeeded, state, null, null, null, [], "dee@contoso.com", At), default);
        return (await world.Documents.ReadRawAsync(RunPaths.ReportMarkdown(RunId), default))!.ToString();
    }
}
