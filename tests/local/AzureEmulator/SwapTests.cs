using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class SwapTests
{
    private const string ToProduction = """{"targetSlot":"production","preserveVnet":true}""";

    [Fact]
    public async Task A_swap_is_polled_at_ever_new_locations_and_ends_with_the_body_of_the_source_slot()
    {
        await using var world = await World.WithShopAsync(change: WithSwapOf(TimeSpan.FromMilliseconds(200)));
        var stagingId = (await world.Arm.SendAsync("GET", World.Staging)).Text1("properties", "deploymentId");

        var accepted = await world.Arm.SendAsync("POST", World.Staging + "/slotsswap", ToProduction);
        var poll = await world.Arm.SendAsync("GET", accepted.Header("Location")!);
        var done = await world.Arm.SettleAsync("GET", poll.Header("Location")!);
        var production = await world.Arm.SendAsync("GET", World.Site);

        Assert.Equal(202, accepted.Status);
        Assert.Empty(accepted.Text);
        Assert.Null(accepted.Header("Azure-AsyncOperation"));
        Assert.NotNull(accepted.Header("ETag"));
        Assert.Contains(World.Staging + "/operationresults/", accepted.Header("Location"));
        Assert.Equal(202, poll.Status);
        Assert.NotEqual(accepted.Header("Location"), poll.Header("Location"));
        Assert.Equal(200, done.Status);
        Assert.Equal("shop/staging", done.Text1("name"));
        Assert.Equal("shop", done.Text1("properties", "deploymentId"));
        Assert.Equal(stagingId, production.Text1("properties", "deploymentId"));
        foreach (var side in (ArmAnswer[])[done, production])
        {
            Assert.Equal("staging", side.Text1("properties", "slotSwapStatus", "sourceSlotName"));
            Assert.Equal("Production", side.Text1("properties", "slotSwapStatus", "destinationSlotName"));
        }
    }

    [Fact]
    public async Task Content_and_settings_change_places_and_sticky_settings_stay()
    {
        await using var world = await World.WithShopAsync();

        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);

        Assert.Equal(("v2", "v1"), (await world.VersionAsync("shop"), await world.VersionAsync("shop-staging")));
        Assert.Equal("""{"moves":"6.9.1","s1":"prod"}""", (await world.SettingsAsync(World.Site)).ToJsonString());
        Assert.Equal("""{"moves":"~20","s1":"slot"}""", (await world.SettingsAsync(World.Staging)).ToJsonString());
        var (live, old) = (await world.AskAsync("shop"), await world.AskAsync("shop-staging"));
        Assert.Equal(("6.9.1", "prod"), ((string?)live["settings"]!["moves"], (string?)live["settings"]!["s1"]));
        Assert.Equal(("~20", "slot"), ((string?)old["settings"]!["moves"], (string?)old["settings"]!["s1"]));
    }

    [Fact]
    public async Task The_same_swap_again_takes_everything_back()
    {
        await using var world = await World.WithShopAsync();

        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);
        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);

        Assert.Equal(("v1", "v2"), (await world.VersionAsync("shop"), await world.VersionAsync("shop-staging")));
        Assert.Equal("shop", (await world.Arm.SendAsync("GET", World.Site)).Text1("properties", "deploymentId"));
        Assert.Equal("""{"moves":"~20","s1":"prod"}""", (await world.SettingsAsync(World.Site)).ToJsonString());
    }

    [Fact]
    public async Task No_request_fails_while_slots_are_swapped_under_load()
    {
        await using var world = await World.WithShopAsync();
        await using var customers = Customers.Of(world, "shop", 8);

        for (var round = 0; round < 6; round++)
        {
            var done = await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);
            Assert.Equal(200, done.Status);
        }

        Assert.Empty(await customers.StopAsync());
        Assert.Equal("v1", await world.VersionAsync("shop"));
    }

    [Fact]
    public async Task A_request_that_production_was_serving_is_answered_by_the_old_process()
    {
        await using var world = await World.WithShopAsync();
        var old = world.Apps.Started.Single(app => app.Start.Slot == "production");
        var held = world.AskAsync("shop", "/hold");
        await old.Held.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);
        var live = await world.VersionAsync("shop");
        old.Release.SetResult();

        Assert.Equal("v2", live);
        Assert.Equal("v1", (string?)(await held.WaitAsync(TimeSpan.FromSeconds(10)))["version"]);
    }

    [Fact]
    public async Task A_preview_gives_the_slot_productions_sticky_settings_and_waits()
    {
        await using var world = await World.WithShopAsync();

        var applied = await world.Arm.SendAsync("POST", World.Staging + "/applySlotConfig", ToProduction);
        var production = await world.Arm.SendAsync("GET", World.Site);

        Assert.Equal(200, applied.Status);
        Assert.Empty(applied.Text);
        Assert.Equal("staging", production.Text1("properties", "targetSwapSlot"));
        Assert.Null(production.Body!["properties"]!["slotSwapStatus"]);
        Assert.Equal("""{"moves":"6.9.1","s1":"prod"}""", (await world.SettingsAsync(World.Staging)).ToJsonString());
        Assert.Equal("prod", (string?)(await world.AskAsync("shop-staging"))["settings"]!["s1"]);
        Assert.Equal("v1", await world.VersionAsync("shop"));
    }

    [Fact]
    public async Task Completing_a_preview_swaps_the_process_that_was_looked_at()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("POST", World.Staging + "/applySlotConfig", ToProduction);
        var previewed = (int)(await world.AskAsync("shop-staging"))["instance"]!;

        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);

        Assert.Equal(previewed, (int)(await world.AskAsync("shop"))["instance"]!);
        Assert.Null((await world.Arm.SendAsync("GET", World.Site)).Text1("properties", "targetSwapSlot"));
        Assert.Equal("""{"moves":"~20","s1":"slot"}""", (await world.SettingsAsync(World.Staging)).ToJsonString());
    }

    [Theory]
    [InlineData("PUT", "/config/appsettings", """{"properties":{}}""")]
    [InlineData("PUT", "/config/web", """{"properties":{"alwaysOn":true}}""")]
    [InlineData("PUT", "/extensions/onedeploy", """{"properties":{"packageUri":"http://127.0.0.1:9/x.zip"}}""")]
    [InlineData("DELETE", "", null)]
    public async Task A_prepared_slot_refuses_to_be_changed(string method, string path, string? body)
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("POST", World.Staging + "/applySlotConfig", ToProduction);

        var refused = await world.Arm.SendAsync(method, World.Staging + path, body);

        Assert.Equal(409, refused.Status);
        Assert.Equal("Conflict", refused.Text1("Code"));
        Assert.Equal("The slot cannot be changed because its configuration settings have been prepared for swap.", refused.Text1("Message"));
    }

    [Fact]
    public async Task Resetting_a_preview_restores_the_slot()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("POST", World.Staging + "/applySlotConfig", ToProduction);

        var reset = await world.Arm.SendAsync("POST", World.Site + "/resetSlotConfig");

        Assert.Equal(200, reset.Status);
        Assert.Null((await world.Arm.SendAsync("GET", World.Site)).Text1("properties", "targetSwapSlot"));
        Assert.Equal("""{"moves":"6.9.1","s1":"slot"}""", (await world.SettingsAsync(World.Staging)).ToJsonString());
        Assert.Equal("slot", (string?)(await world.AskAsync("shop-staging"))["settings"]!["s1"]);
        await world.Arm.OkAsync("PUT", World.Staging + "/config/appsettings", """{"properties":{}}""");
    }

    [Theory]
    [InlineData("POST", World.Staging + "/slotsswap", ToProduction)]
    [InlineData("POST", World.Staging + "/applySlotConfig", ToProduction)]
    [InlineData("PUT", World.Site + "/config/appsettings", """{"properties":{}}""")]
    [InlineData("DELETE", World.Staging, null)]
    public async Task While_a_swap_runs_the_site_refuses_other_writes(string method, string path, string? body)
    {
        await using var world = await World.WithShopAsync(change: WithSwapOf(TimeSpan.FromMilliseconds(500)));
        var accepted = await world.Arm.SendAsync("POST", World.Staging + "/slotsswap", ToProduction);

        var refused = await world.Arm.SendAsync(method, path, body);
        var site = await world.Arm.SendAsync("GET", World.Site);

        Assert.Equal(409, refused.Status);
        Assert.Equal("Conflict", refused.Text1("Code"));
        Assert.StartsWith("Cannot modify this site because another operation is in progress. Details: Id: ", refused.Text1("Message"));
        Assert.Contains("OperationName: SwapSiteSlots", refused.Text1("Message"));
        var entity = refused.Body!["Details"]![2]!["ErrorEntity"]!;
        Assert.Equal("59203", (string?)entity["ExtendedCode"]);
        Assert.EndsWith(site.Text1("properties", "inProgressOperationId")!, new Uri(accepted.Header("Location")!).AbsolutePath);
        Assert.Equal(200, (await world.Arm.SettleAsync("GET", accepted.Header("Location")!)).Status);
    }

    [Fact]
    public async Task A_slot_that_does_not_start_with_productions_settings_fails_the_swap_and_is_reverted()
    {
        await using var world = await World.WithShopAsync();
        await world.DeployAsync(World.Staging, "v3", "exits where s1=prod");

        var failed = await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);

        Assert.Equal(400, failed.Status);
        Assert.Equal("BadRequest", failed.Text1("Code"));
        Assert.EndsWith("the worker process for 'staging' slot could not be started.", failed.Text1("Message"));
        Assert.Equal(("v1", "v3"), (await world.VersionAsync("shop"), await world.VersionAsync("shop-staging")));
        Assert.Equal("""{"moves":"6.9.1","s1":"slot"}""", (await world.SettingsAsync(World.Staging)).ToJsonString());
        Assert.Null((await world.Arm.SendAsync("GET", World.Site)).Text1("properties", "inProgressOperationId"));
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("200,500", 200)]
    [InlineData("200,202", 400)]
    public async Task Any_answer_warms_up_unless_the_allowed_ones_are_named(string? allowed, int expected)
    {
        await using var world = await World.WithShopAsync();
        await world.DeployAsync(World.Staging, "v3", "status 500");
        if (allowed is not null)
            await world.Arm.OkAsync("PUT", World.Staging + "/config/appsettings", $$$"""{"properties":{"WEBSITE_SWAP_WARMUP_PING_STATUSES":"{{{allowed}}}","s1":"slot"}}""");

        var done = await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);

        Assert.Equal(expected, done.Status);
        if (expected == 400) Assert.Contains("the warm-up request was answered with 500", done.Text1("Message"));
        Assert.Equal(expected == 400, (await world.Arm.SendAsync("GET", World.Site)).Text1("properties", "deploymentId") == "shop");
    }

    [Fact]
    public async Task A_stopped_slot_cannot_be_swapped_in()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("POST", World.Staging + "/stop");

        var done = await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);

        Assert.Equal(400, done.Status);
        Assert.EndsWith("the worker process for 'staging' slot could not be started.", done.Text1("Message"));
        Assert.Equal("v1", await world.VersionAsync("shop"));
    }

    [Fact]
    public async Task Production_can_be_the_source()
    {
        await using var world = await World.WithShopAsync();

        var done = await world.Arm.SettleAsync("POST", World.Site + "/slotsswap", """{"targetSlot":"staging","preserveVnet":true}""");

        Assert.Equal("shop", done.Text1("name"));
        Assert.Equal(("v2", "v1"), (await world.VersionAsync("shop"), await world.VersionAsync("shop-staging")));
        Assert.Equal("""{"moves":"6.9.1","s1":"prod"}""", (await world.SettingsAsync(World.Site)).ToJsonString());
    }

    [Theory]
    [InlineData("""{"preserveVnet":true}""", 400)]
    [InlineData("""{"targetSlot":"production"}""", 400)]
    [InlineData("""{"targetSlot":"nowhere","preserveVnet":true}""", 404)]
    [InlineData("""{"targetSlot":"staging","preserveVnet":true}""", 400)]
    public async Task A_swap_needs_both_members_and_another_slot(string body, int status)
    {
        await using var world = await World.WithShopAsync();

        var refused = await world.Arm.SendAsync("POST", World.Staging + "/slotsswap", body);

        Assert.Equal(status, refused.Status);
        Assert.NotNull(refused.Text1("Message"));
    }

    [Fact]
    public async Task The_differences_of_two_slots_are_told_before_a_swap()
    {
        await using var world = await World.WithShopAsync();

        var diffs = await world.Arm.OkAsync("POST", World.Staging + "/slotsdiffs", ToProduction);

        var moves = diffs!["value"]!.AsArray().Select(diff => diff!["properties"]!).Single(diff => (string?)diff["settingName"] == "moves");
        Assert.Equal(("AppSetting", "6.9.1", "~20"), ((string?)moves["settingType"], (string?)moves["valueInCurrentSlot"], (string?)moves["valueInTargetSlot"]));
    }

    [Fact]
    public async Task Tags_and_general_settings_of_the_place_stay_while_the_start_command_moves()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("PATCH", World.Site + "/config/web", """{"properties":{"alwaysOn":true}}""");
        await world.Arm.OkAsync("PATCH", World.Staging + "/config/web", """{"properties":{"appCommandLine":"run v2"}}""");
        await world.Arm.OkAsync("PATCH", World.Staging, """{"tags":{"created-by":"run-1"}}""");

        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", ToProduction);

        var (live, old) = (await Config(world, World.Site), await Config(world, World.Staging));
        Assert.Equal((true, "run v2"), ((bool)live["alwaysOn"]!, (string?)live["appCommandLine"]));
        Assert.Equal((false, ""), ((bool)old["alwaysOn"]!, (string?)old["appCommandLine"]));
        Assert.Equal("run-1", (await world.Arm.SendAsync("GET", World.Staging)).Text1("tags", "created-by"));
    }

    private static async Task<JsonNode> Config(World world, string site) => (await world.Arm.OkAsync("GET", site + "/config/web"))!["properties"]!;

    private static Func<EmulatorOptions, EmulatorOptions> WithSwapOf(TimeSpan duration) => options => new EmulatorOptions
    {
        DataDirectory = options.DataDirectory,
        Runtime = options.Runtime,
        RetryAfterSeconds = 0,
        Durations = options.Durations with { Swap = duration },
    };
}
