using System.Text.Json.Nodes;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Migrations;

public sealed class OutcomeTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task A_plan_changes_nothing_on_the_site_and_is_kept()
    {
        await using var world = await World.StartAsync(azurite);
        var before = await world.ArmCallsAsync();

        var run = await world.MigrateAsync(world.Spec() with { Mode = MigrationMode.Plan });

        Assert.Equal(RunStatus.Planned, run.Status);
        Assert.DoesNotContain((await world.ArmCallsAsync()).Skip(before.Count), c => c.Method is "PUT" or "PATCH" or "DELETE");
        var plan = JsonNode.Parse(await world.BackupAsync("plan.json"))!;
        Assert.StartsWith("sha256:", plan["digest"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(12, plan["data"]![0]!["objects"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_rehearsal_does_everything_but_touch_production_and_cleans_up()
    {
        await using var world = await World.StartAsync(azurite);

        var run = await world.MigrateAsync(world.Spec() with { Mode = MigrationMode.Rehearse });

        Assert.True(run.Status == RunStatus.Rehearsed, run.Failure?.ToString());
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.False(await world.SlotExistsAsync());
        Assert.False(await world.Target.ExistsAsync());
        Assert.DoesNotContain(await world.ArmCallsAsync(), c => c.Path.Contains("SlotConfig", StringComparison.OrdinalIgnoreCase) && c.Method == "POST");
    }

    [Fact]
    public async Task The_end_of_a_run_and_of_each_step_is_logged_once_with_its_figures()
    {
        await using var world = await World.StartAsync(azurite);

        var run = await world.MigrateAsync(world.Spec());

        var ended = Assert.Single(world.Log.Lines, line => line.StartsWith("Run shop-v2 ended ", StringComparison.Ordinal));
        Assert.StartsWith($"Run shop-v2 ended succeeded after {run.Figures!.DurationMs} ms with 0 left behind: write pause {run.Figures.WritePauseMs} ms, downtime ", ended, StringComparison.Ordinal);
        var steps = world.Log.Lines.Where(line => line.StartsWith("Run shop-v2, step ", StringComparison.Ordinal)).ToList();
        Assert.Equal(run.Steps.Where(step => step.Status == StepStatus.Succeeded).Select(step => $"Run shop-v2, step {step.Name}: succeeded after"), steps.Select(line => line[..line.LastIndexOf(" after", StringComparison.Ordinal)] + " after"));
    }

    [Fact]
    public async Task A_blocker_ends_the_run_before_anything_is_changed()
    {
        await using var world = await World.StartAsync(azurite);
        await world.PutAsync($"{World.SiteId}/slots/v2", new JsonObject
        {
            ["location"] = "westeurope",
            ["properties"] = new JsonObject { ["serverFarmId"] = World.SiteId.Replace("sites/shop", "serverfarms/plan", StringComparison.Ordinal) },
        });

        var run = await world.MigrateAsync(world.Spec());

        Assert.Equal((RunStatus.Compensated, PlanCodes.SlotExists), (run.Status, run.Failure?.Code));
        Assert.True(await world.SlotExistsAsync());
    }

    [Fact]
    public async Task A_second_run_on_the_site_is_refused_while_the_first_has_it()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Approval = new ApprovalSpec { Approvers = ["ana@contoso.com"] } });
        await world.UntilAsync("shop-v2", r => r.PendingApproval is not null);

        var second = await world.MigrateAsync(world.Spec("other") with { Slot = "v3" });
        await world.Client.RaiseEventAsync("shop-v2", RunEvents.Cancel, new CancelRequest("dee@contoso.com", "done", DateTimeOffset.UtcNow));
        await world.EndAsync("shop-v2");

        Assert.Equal((RunStatus.Compensated, LeaseCodes.Held), (second.Status, second.Failure?.Code));
    }

    [Fact]
    public async Task A_gate_that_fails_after_the_swap_brings_the_old_version_back_with_what_was_written_meanwhile()
    {
        var faults = new Faults();
        await using var world = await World.StartAsync(azurite, faults);
        var written = false;
        faults.Before = async activity =>
        {
            if (activity != nameof(ReadGates) || written) return;
            written = true;
            Assert.True((await world.Customers.PostAsync(new Uri($"https://{World.Host}/orders/after-swap"), content: null)).IsSuccessStatusCode);
        };
        var gate = new GateSpec { Metric = GateSpec.ResponseTime, Max = 0 };

        var run = await world.MigrateAsync(world.Spec() with { Watch = new WatchSpec { Duration = TimeSpan.FromSeconds(2), Gates = [gate] } });

        Assert.Equal((RunStatus.RolledBack, WatchCodes.GateFailed), (run.Status, run.Failure?.Code));
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        Assert.True(await world.Source.GetBlobClient("after-swap.json").ExistsAsync());
    }

    [Fact]
    public async Task A_gate_that_fails_where_data_cannot_be_copied_back_stops_at_a_person()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec();
        var gate = new GateSpec { Metric = GateSpec.ResponseTime, Max = 0 };
        await world.StartRunAsync(spec with { Data = [spec.Data[0] with { Reverse = false }], Watch = new WatchSpec { Duration = TimeSpan.FromSeconds(3), Gates = [gate] } });

        var asked = await world.UntilDecisionAsync(WatchCodes.GateFailed);
        await world.DecideAsync(asked, DecisionChoice.Skip);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal("retry, skip", string.Join(", ", asked.Choices));
        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.True(await world.Target.ExistsAsync());
    }

    [Fact]
    public async Task An_event_of_which_not_everybody_was_told_is_logged_for_the_operators()
    {
        await using var world = await World.StartAsync(azurite);

        await world.MigrateAsync(world.Spec() with { Mode = MigrationMode.Plan, Notify = [new NotifySpec { Url = "https://hooks.contoso.com/on-call", SecretName = "not-configured" }] });

        Assert.Contains("Run shop-v2, not everybody was told of ended: MIG0280", world.Log.Lines);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_decides_over_nothing_and_is_told_of()
    {
        await using var world = await World.StartAsync(azurite, new Faults { FailsForGood = nameof(AppendAudit) });

        var run = await world.MigrateAsync(world.Spec());

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Contains("facts are missing from the audit log", await world.BackupAsync("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_new_version_are_productions_with_the_releases_changes_and_no_secret_is_told()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec();
        spec = spec with { Release = spec.Release with { AppSettings = new Dictionary<string, string> { ["FEATURE_CART"] = "on", ["API_KEY"] = "hush-hush" }, RemoveAppSettings = ["LEGACY_MODE"] } };

        var run = await world.MigrateAsync(spec);

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal("on", await world.Customers.GetStringAsync(new Uri($"https://{World.Host}/settings/FEATURE_CART")));
        Assert.Equal("", await world.Customers.GetStringAsync(new Uri($"https://{World.Host}/settings/LEGACY_MODE")));
        Assert.Equal(world.Target.Uri.AbsoluteUri, await world.Customers.GetStringAsync(new Uri($"https://{World.Host}/settings/ORDERS_URL")));
        foreach (var document in new[] { "plan.json", "report.json", "report.html", "audit.jsonl", "verification.json" })
            Assert.DoesNotContain("hush-hush", await world.BackupAsync(document), StringComparison.Ordinal);
        Assert.False(await world.StateHoldsAsync("hush-hush"));
    }
}
