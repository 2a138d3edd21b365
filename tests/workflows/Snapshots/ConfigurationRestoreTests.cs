using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Snapshots;

public sealed class ConfigurationRestoreTests(Azurite azurite) : IClassFixture<Azurite>
{
    private const string Run = "shop-v2";
    private const string Before = ConfigurationOrder.BeforeTemplate;
    private const string After = ConfigurationOrder.AfterTemplate;

    [Fact]
    public async Task The_whole_configuration_is_restored_into_a_scratch_site_and_compared_member_by_member()
    {
        await using var world = await WithConfigurationAsync();
        var snapshot = await KeepAsync(world, Before);

        var test = await TestAsync(world, snapshot);

        var live = await ConfigurationAsync(world);
        Assert.Equal((3, 1, 2), (test.AppSettings, test.ConnectionStrings, test.StickyNames));
        Assert.Equal((live.Members.Count, true), (test.Members, test.Config > 0));
    }

    [Theory, InlineData("appSettings/SECRET"), InlineData("connectionStrings/Shop"), InlineData("config/healthCheckPath"), InlineData("stickyNames/appSettingNames")]
    public async Task A_member_that_would_not_come_back_fails_the_test_by_its_name_and_without_its_value(string member)
    {
        await using var world = await WithConfigurationAsync();
        var snapshot = await KeepAsync(world, Before);
        await ChangeAsync(world, member);

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => TestAsync(world, snapshot));

        Assert.Equal(SnapshotCodes.ConfigurationDiffers, failure.Code);
        Assert.Contains(member, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_differs_comes_back_and_a_configuration_as_wanted_is_not_written()
    {
        await using var world = await WithConfigurationAsync();
        await KeepAsync(world, Before);
        var before = await ConfigurationAsync(world);
        foreach (var member in new[] { "appSettings/SECRET", "connectionStrings/Shop", "config/healthCheckPath", "stickyNames/appSettingNames" }) await ChangeAsync(world, member);
        await world.PutAsync($"{World.SiteId}/config/appsettings", Properties(new() { ["NEW"] = "1" }));
        var hold = await HoldAsync(world);

        var restored = await RestoreAsync(world, hold, left: null);
        var writes = await WritesAsync(world);
        var again = await RestoreAsync(world, hold, left: null);

        Assert.Contains("appSettings/NEW", restored.Restored);
        Assert.Empty((await ConfigurationAsync(world)).DifferencesFrom(before));
        Assert.Empty(again.Restored);
        Assert.Equal(writes, await WritesAsync(world));
    }

    [Fact]
    public async Task An_undo_restores_what_the_run_left_and_keeps_what_somebody_set_since()
    {
        await using var world = await WithConfigurationAsync();
        await KeepAsync(world, Before);
        await world.PutAsync($"{World.SiteId}/config/appsettings", Properties(new() { ["SECRET"] = "by the run", ["OTHER"] = "by the run" }));
        await KeepAsync(world, After);
        await world.PutAsync($"{World.SiteId}/config/appsettings", Properties(new() { ["SECRET"] = "by the run", ["OTHER"] = "hush: by a person", ["PERSON"] = "1" }));
        var hold = await HoldAsync(world);

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => RestoreAsync(world, hold, After));

        Assert.Equal(SnapshotCodes.ConfigurationKept, failure.Code);
        Assert.EndsWith("appSettings/OTHER, appSettings/PERSON", failure.Message, StringComparison.Ordinal);
        var settings = await world.Get<AppService>().ReadAppSettingsAsync(World.SiteId, default);
        Assert.Equal(("hush", "hush: by a person", "1", true), (settings["SECRET"], settings["OTHER"], settings["PERSON"], settings.ContainsKey("LEGACY_MODE")));
    }

    [Fact]
    public async Task Without_knowing_what_the_run_left_nothing_is_written()
    {
        await using var world = await WithConfigurationAsync();
        var hold = await HoldAsync(world);
        Assert.Empty((await RestoreAsync(world, hold, After)).Restored);

        await KeepAsync(world, Before);
        Assert.Empty((await RestoreAsync(world, hold, After)).Restored);
        await ChangeAsync(world, "appSettings/SECRET");
        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => RestoreAsync(world, hold, After));

        Assert.Equal(SnapshotCodes.ConfigurationUnknown, failure.Code);
        Assert.Equal("changed", (await world.Get<AppService>().ReadAppSettingsAsync(World.SiteId, default))["SECRET"]);
    }

    [Fact]
    public async Task A_run_that_lost_the_site_restores_nothing()
    {
        await using var world = await WithConfigurationAsync();
        await KeepAsync(world, Before);
        await ChangeAsync(world, "appSettings/SECRET");
        var hold = await HoldAsync(world);
        await world.Get<SiteLease>().ReleaseAsync(World.SiteId, Run, default);

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => RestoreAsync(world, hold, left: null));

        Assert.Equal(LeaseCodes.Lost, failure.Code);
        Assert.Equal("changed", (await world.Get<AppService>().ReadAppSettingsAsync(World.SiteId, default))["SECRET"]);
    }

    private async Task<World> WithConfigurationAsync()
    {
        var world = await World.StartAsync(azurite, objects: 0);
        await world.PutAsync($"{World.SiteId}/config/appsettings", Properties(new() { ["SECRET"] = "hush", ["OTHER"] = "1", ["LEGACY_MODE"] = "yes" }));
        await world.PutAsync($"{World.SiteId}/config/connectionstrings", Properties(new() { ["Shop"] = new JsonObject { ["value"] = "hush", ["type"] = "SQLAzure" } }));
        await world.PutAsync(
            $"{World.SiteId}/config/slotConfigNames", Properties(new() { ["appSettingNames"] = new JsonArray("OTHER", "LEGACY_MODE"), ["connectionStringNames"] = new JsonArray("Shop") }));
        return world;
    }

    private static Task ChangeAsync(World world, string member) => member switch
    {
        "appSettings/SECRET" => world.PutAsync($"{World.SiteId}/config/appsettings", Properties(new() { ["SECRET"] = "changed", ["OTHER"] = "1", ["LEGACY_MODE"] = "yes" })),
        "connectionStrings/Shop" => world.PutAsync(
            $"{World.SiteId}/config/connectionstrings", Properties(new() { ["Shop"] = new JsonObject { ["value"] = "changed", ["type"] = "SQLAzure" } })),
        "config/healthCheckPath" => world.Get<AppService>().PatchConfigAsync(World.SiteId, new JsonObject { ["healthCheckPath"] = "/other" }, default),
        _ => world.PutAsync($"{World.SiteId}/config/slotConfigNames", Properties(new() { ["appSettingNames"] = new JsonArray("OTHER"), ["connectionStringNames"] = new JsonArray("Shop") })),
    };

    private static Task<ConfigurationSnapshot> KeepAsync(World world, string name) => new SnapshotConfiguration(
        world.Get<AppService>(), world.Get<Deployments>(), world.Get<ConfigurationStore>(), world.Get<Retention>(), TimeProvider.System)
        .RunAsync(new ConfigurationOrder(Run, World.SiteId, Container: null, name), default);

    private static Task<ConfigurationTest> TestAsync(World world, ConfigurationSnapshot snapshot) =>
        new TestConfigurationRestore(world.Get<AppService>(), world.Get<ConfigurationStore>(), NullLogger<TestConfigurationRestore>.Instance)
            .RunAsync(new TestConfigurationOrder(Run, World.SiteId, snapshot), default);

    private static Task<RestoredConfiguration> RestoreAsync(World world, SiteHold hold, string? left) =>
        new RestoreConfiguration(world.Get<AppService>(), world.Get<ConfigurationStore>(), world.Get<SiteLease>(), NullLogger<RestoreConfiguration>.Instance)
            .RunAsync(new RestoreConfigurationOrder(hold, Container: null, Before, left), default);

    private static async Task<SiteHold> HoldAsync(World world) => new(Run, World.SiteId, await world.Get<SiteLease>().AcquireAsync(World.SiteId, Run, default));

    private static Task<SiteConfiguration> ConfigurationAsync(World world) => SiteConfiguration.ReadAsync(world.Get<AppService>(), World.SiteId, default);

    private static async Task<int> WritesAsync(World world) => (await world.ArmCallsAsync()).Count(call => call.Method is "PUT" or "PATCH");

    private static JsonObject Properties(JsonObject properties) => new() { ["properties"] = properties };
}
