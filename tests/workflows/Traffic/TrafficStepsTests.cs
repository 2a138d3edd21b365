using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Traffic;

public sealed class TrafficStepsTests(Azurite azurite) : IClassFixture<Azurite>
{
    public static TheoryData<string> Troubles => ["none", "each twice", "failing before", "answer lost"];

    [Theory, MemberData(nameof(Troubles))]
    public async Task Customers_move_in_steps_and_every_order_of_either_version_is_on_both_sides_at_the_end(string trouble)
    {
        await using var scene = await TrafficScene.StartAsync(azurite, new Faults
        {
            EachTwice = trouble == "each twice", EachOnceBefore = trouble == "failing before", EachOnceAfter = trouble == "answer lost",
        });
        scene.Open(choosing: 3, others: 3);

        var result = await scene.MoveAsync(TrafficScene.Steps(10, 50));
        await scene.CloseAsync();

        Assert.True(result.Outcome == TrafficOutcome.Passed, $"{result.Code}: {result.Why}");
        Assert.Equal([(10, GateOutcome.Passed), (50, GateOutcome.Passed)], result.Steps.Select(step => (step.Percent, step.Outcome)));
        Assert.True(result.Drained);
        Assert.Empty(await scene.RulesAsync());
        Assert.False(await scene.SlotTakesWritesAsync());
        Assert.Equal(["self", "v2"], scene.Orders.Values.Distinct().Order());
        await scene.AssertHoldsOrdersAsync(scene.World.Source);
        // The target is a private copy again: the cut-over's own passes go on from here.
        Assert.Equal(0, (await FinalDeltaAsync(scene)).Remaining);
        await scene.AssertHoldsOrdersAsync(scene.World.Target);
    }

    [Fact]
    public async Task A_gate_that_fails_takes_customers_back_through_the_steps_and_leaves_every_order_at_production()
    {
        await using var scene = await TrafficScene.StartAsync(azurite, change: spec => spec with
        {
            Release = spec.Release with { AppSettings = new Dictionary<string, string> { ["BROKEN"] = "v2" } },
        });
        var (set, seen) = (0, new List<IReadOnlyList<string>>());
        scene.World.Faults.Before = async name =>
        {
            if (name == nameof(SetTraffic) && ++set == 2) scene.Page = "/healthz";
            if (name is nameof(SetTraffic) or nameof(ClearTraffic)) seen.Add(await scene.RulesAsync());
        };
        scene.Open(choosing: 3, others: 2);

        var result = await scene.MoveAsync(TrafficScene.Steps(10, 50));
        await scene.CloseAsync();

        Assert.Equal((TrafficOutcome.WentBack, TrafficCodes.GateFailed), (result.Outcome, result.Code));
        Assert.Equal(
            [(10, GateOutcome.Passed), (50, GateOutcome.Failed), (10, TrafficReading.GoingBack)], result.Steps.Select(step => (step.Percent, step.Outcome)));
        Assert.Equal(["", "v2 10", "v2 50", "v2 10"], seen.Select(rules => string.Join(',', rules)));
        Assert.Empty(await scene.RulesAsync());
        Assert.False(await scene.SlotTakesWritesAsync());
        Assert.Contains("v2", scene.Orders.Values);
        await scene.AssertHoldsOrdersAsync(scene.World.Source);
    }

    [Fact]
    public async Task A_conflict_ends_the_steps_and_both_versions_are_kept()
    {
        await using var scene = await TrafficScene.StartAsync(azurite);
        var looks = 0;
        scene.World.Faults.Before = async name =>
        {
            if (name != nameof(ReadTrafficGates) || ++looks != 2) return;
            await Task.WhenAll(PutAsync(scene.World.Source, "by the old version"), PutAsync(scene.World.Target, "by the new version"));
        };
        scene.Open(choosing: 2, others: 2);

        var result = await scene.MoveAsync(TrafficScene.Steps(TimeSpan.FromSeconds(20), 10, 50));
        await scene.CloseAsync();

        Assert.Equal((TrafficOutcome.WentBack, TrafficCodes.Conflict), (result.Outcome, result.Code));
        Assert.Equal((10, "goBack"), (Assert.Single(result.Steps).Percent, result.Steps[0].Decision));
        Assert.Equal(["orders: both.json"], result.Conflicts);
        Assert.Empty(await scene.RulesAsync());
        Assert.Equal("by the old version", (await scene.World.Source.GetBlobClient("both.json").DownloadContentAsync()).Value.Content.ToString());
        Assert.Equal("by the new version", (await scene.World.Target.GetBlobClient("both.json").DownloadContentAsync()).Value.Content.ToString());
        await scene.AssertHoldsOrdersAsync(scene.World.Source);
        var refused = await Assert.ThrowsAsync<PermanentFailureException>(() => scene.World.Get<Orchestrator.Workflows.Data.DataKinds>().Targets(scene.Data).RemoveAsync("shop-v2", scene.Data, default));
        Assert.Equal(SyncCodes.TargetIsShared, refused.Code);
    }

    [Theory, InlineData(TrafficChoice.GoOn, TrafficOutcome.Passed), InlineData(TrafficChoice.GoBack, TrafficOutcome.WentBack)]
    public async Task Without_figures_a_step_is_held_for_its_limit_then_people_are_asked_and_decide(string choice, string outcome)
    {
        await using var scene = await TrafficScene.StartAsync(azurite);
        var traffic = TrafficScene.Steps(10) with { HoldLimit = TimeSpan.FromSeconds(2) };

        var asked = await scene.MoveAsync(traffic);
        var rules = await scene.RulesAsync();
        var result = await scene.MoveAsync(traffic, asked.Place! with { Choice = choice, Chooser = "ben@contoso.com" });

        Assert.Equal((TrafficOutcome.Asks, TrafficCodes.NothingToJudge), (asked.Outcome, asked.Code));
        Assert.Equal(["v2 10"], rules);
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(GateOutcome.NoData, Assert.Single(result.Steps).Outcome);
        Assert.Null(result.Drained);
        Assert.Empty(await scene.RulesAsync());
        Assert.False(await scene.SlotTakesWritesAsync());
    }

    [Fact]
    public async Task While_people_are_asked_what_customers_write_is_still_carried()
    {
        await using var scene = await TrafficScene.StartAsync(azurite);
        var traffic = TrafficScene.Steps(10) with { NoData = GateConsequence.Ask, HoldLimit = TimeSpan.FromSeconds(1) };
        var asked = await scene.MoveAsync(traffic);

        var waiting = await scene.BeginAsync(traffic, asked.Place);
        await PutAsync(scene.World.Target, "by the new version");
        await UntilAsync(scene.World.Source, "both.json");
        await scene.AnswerAsync(asked.Place!.Question, TrafficChoice.GoOn);
        var result = await scene.EndAsync<TrafficResult>(waiting);

        Assert.Equal(TrafficOutcome.Passed, result.Outcome);
        Assert.Equal("ben@contoso.com", Assert.Single(result.Steps).Decision);
    }

    [Theory]
    [InlineData(GateConsequence.GoOn, TrafficOutcome.Passed, null)]
    [InlineData(GateConsequence.GoBack, TrafficOutcome.WentBack, TrafficCodes.NothingToJudge)]
    public async Task What_follows_without_figures_is_as_the_spec_says(GateConsequence consequence, string outcome, string? code)
    {
        await using var scene = await TrafficScene.StartAsync(azurite);

        var result = await scene.MoveAsync(TrafficScene.Steps(10) with { NoData = consequence, HoldLimit = TimeSpan.FromSeconds(1) });

        Assert.Equal((outcome, code), (result.Outcome, result.Code));
        Assert.Empty(await scene.RulesAsync());
    }

    [Fact]
    public async Task A_stop_takes_customers_back()
    {
        await using var scene = await TrafficScene.StartAsync(azurite);
        scene.Open(choosing: 2, others: 2);

        var moving = await scene.BeginAsync(TrafficScene.Steps(TimeSpan.FromSeconds(20), 10, 50));
        await UntilAsync(scene.World.Source, _ => scene.Orders.Values.Contains("v2"));
        await scene.StopAsync("ana@contoso.com cancelled it");
        var result = await scene.EndAsync<TrafficResult>(moving);
        await scene.CloseAsync();

        Assert.Equal((TrafficOutcome.WentBack, TrafficCodes.Stopped, "ana@contoso.com cancelled it"), (result.Outcome, result.Code, result.Why));
        Assert.Empty(await scene.RulesAsync());
        await scene.AssertHoldsOrdersAsync(scene.World.Source);
    }

    [Fact]
    public async Task Steps_of_many_batches_continue_as_new_and_forget_nothing()
    {
        await using var scene = await TrafficScene.StartAsync(azurite, sets: 6);

        // A history holds some sixty calls.
        var result = await scene.MoveAsync(TrafficScene.Steps(10, 50) with { NoData = GateConsequence.GoOn, HoldLimit = TimeSpan.FromSeconds(1) });

        Assert.Equal((TrafficOutcome.Passed, 6), (result.Outcome, result.Data.Count));
        Assert.Equal([10, 50], result.Steps.Select(step => step.Percent));
        Assert.True(scene.World.Faults.Called.Count(name => name == nameof(SharedDelta)) > 70);
        Assert.Equal(6, scene.World.Faults.Called.Count(name => name == nameof(ShareTarget)));
        Assert.Empty(await scene.RulesAsync());
    }

    [Fact]
    public async Task A_move_that_fails_for_good_takes_customers_back_and_is_told()
    {
        await using var scene = await TrafficScene.StartAsync(azurite, new Faults { FailsForGood = nameof(ReadTrafficGates) });

        var result = await scene.MoveAsync(TrafficScene.Steps(10) with { HoldLimit = TimeSpan.FromSeconds(1) });

        Assert.Equal((TrafficOutcome.WentBack, "MIG0999"), (result.Outcome, result.Code));
        Assert.Empty(await scene.RulesAsync());
        Assert.False(await scene.SlotTakesWritesAsync());
    }

    [Fact]
    public async Task Rules_of_other_slots_stand_and_keep_their_share()
    {
        await using var scene = await TrafficScene.StartAsync(azurite);
        var beta = new JsonObject { ["name"] = "beta", ["actionHostName"] = "shop-beta.azurewebsites.net", ["reroutePercentage"] = 60.0 };
        await scene.World.Get<AppService>().PatchConfigAsync(World.SiteId, new JsonObject { ["experiments"] = new JsonObject { ["rampUpRules"] = new JsonArray(beta) } }, default);

        await scene.SetAsync(40);
        await scene.SetAsync(40);
        var both = await scene.RulesAsync();
        var refused = await Assert.ThrowsAsync<PermanentFailureException>(() => scene.SetAsync(50));
        await scene.ClearAsync();
        await scene.ClearAsync();

        Assert.Equal(["beta 60", "v2 40"], both);
        Assert.Equal(TrafficCodes.RulesOfOthers, refused.Code);
        Assert.Equal(["beta 60"], await scene.RulesAsync());
    }

    private static Task PutAsync(BlobContainerClient container, string content) => container.GetBlobClient("both.json").UploadAsync(BinaryData.FromString(content), overwrite: true);

    private static Task UntilAsync(BlobContainerClient container, string name) => UntilAsync(container, async client => await client.GetBlobClient(name).ExistsAsync());

    private static Task UntilAsync(BlobContainerClient container, Func<BlobContainerClient, bool> wanted) => UntilAsync(container, client => Task.FromResult(wanted(client)));

    private static async Task UntilAsync(BlobContainerClient container, Func<BlobContainerClient, Task<bool>> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await wanted(container)) await pace.WaitForNextTickAsync(limit.Token);
    }

    private static Task<FinalDeltaResult> FinalDeltaAsync(TrafficScene scene) =>
        new FinalDelta(scene.World.Get<Orchestrator.Workflows.Data.DataKinds>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FinalDelta>.Instance)
            .RunAsync(new FinalDeltaInput("shop-v2", [scene.Data], DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1), Full: true), default);
}
