using System.Net;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class ConfigTests
{
    [Fact]
    public async Task App_settings_are_listed_by_POST_and_replaced_as_a_whole()
    {
        await using var world = await World.WithShopAsync();

        var put = await world.Arm.SendAsync("PUT", World.Staging + "/config/appsettings", """{"properties":{"only":"this"}}""");
        var list = await world.Arm.SendAsync("POST", World.Staging + "/config/appsettings/list");
        var get = await world.Arm.SendAsync("GET", World.Staging + "/config/appsettings");

        Assert.Equal(200, put.Status);
        Assert.NotNull(put.Header("ETag"));
        Assert.Equal(World.Staging + "/config/appsettings", list.Text1("id"));
        Assert.Equal("Microsoft.Web/sites/config", list.Text1("type"));
        Assert.Equal("West Europe", list.Text1("location"));
        Assert.Equal("""{"only":"this"}""", list.Body!["properties"]!.ToJsonString());
        Assert.Equal(405, get.Status);
    }

    [Fact]
    public async Task A_changed_setting_reaches_the_app_by_an_overlapped_restart_without_a_failed_request()
    {
        await using var world = await World.WithShopAsync();
        var before = (int)(await world.AskAsync("shop"))["instance"]!;
        await using var customers = Customers.Of(world, "shop");

        await world.Arm.OkAsync("PUT", World.Site + "/config/appsettings", """{"properties":{"moves":"new","s1":"prod"}}""");
        await Until.TrueAsync(async () => (string?)(await world.AskAsync("shop"))["settings"]!["moves"] == "new", "the app has the new setting");

        Assert.NotEqual(before, (int)(await world.AskAsync("shop"))["instance"]!);
        Assert.Empty(await customers.StopAsync());
    }

    [Fact]
    public async Task A_request_that_the_old_process_has_is_finished_by_it()
    {
        await using var world = await World.WithShopAsync();
        var old = world.Apps.Started.Single(app => app.Start.Slot == "production");
        var held = world.AskAsync("shop", "/hold");
        await old.Held.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await world.Arm.SendAsync("POST", World.Site + "/restart", null, "synchronous=true");
        var served = (int)(await world.AskAsync("shop"))["instance"]!;
        old.Release.SetResult();

        Assert.NotEqual(served, (int)(await held.WaitAsync(TimeSpan.FromSeconds(10)))["instance"]!);
        await old.Exited.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Connection_strings_reach_the_app_under_the_prefix_of_their_type()
    {
        await using var world = await World.WithShopAsync();

        await world.Arm.OkAsync("PUT", World.Site + "/config/connectionstrings", """{"properties":{"Main":{"value":"Host=db","type":"PostgreSQL"}}}""");
        await Until.TrueAsync(async () => (string?)(await world.AskAsync("shop"))["settings"]!["POSTGRESQLCONNSTR_Main"] == "Host=db", "the app has the string");

        var list = await world.Arm.OkAsync("POST", World.Site + "/config/connectionstrings/list");
        Assert.Equal("""{"Main":{"value":"Host=db","type":"PostgreSQL"}}""", list!["properties"]!.ToJsonString());
    }

    [Fact]
    public async Task The_sticky_names_belong_to_the_site_and_have_no_id()
    {
        await using var world = await World.WithShopAsync();

        var names = await world.Arm.SendAsync("GET", World.Site + "/config/slotConfigNames");
        var ofSlot = await world.Arm.SendAsync("GET", World.Staging + "/config/slotConfigNames");

        Assert.Equal(
            """{"id":null,"name":"shop","type":"Microsoft.Web/sites","location":"West Europe","properties":{"connectionStringNames":[],"appSettingNames":["s1"],"azureStorageConfigNames":[]}}""",
            names.Text);
        Assert.Equal(404, ofSlot.Status);
    }

    [Fact]
    public async Task A_change_of_config_web_answers_with_the_sites_own_id()
    {
        await using var world = await World.WithShopAsync();

        var patched = await world.Arm.SendAsync("PATCH", World.Site + "/config/web", """{"properties":{"healthCheckPath":"/healthz"}}""");
        var read = await world.Arm.SendAsync("GET", World.Site + "/config/web");

        Assert.Equal(World.Site, patched.Text1("id"));
        Assert.Equal("Microsoft.Web/sites", patched.Text1("type"));
        Assert.Equal(World.Site + "/config/web", read.Text1("id"));
        Assert.Equal("Microsoft.Web/sites/config", read.Text1("type"));
        Assert.Equal("/healthz", read.Text1("properties", "healthCheckPath"));
    }

    [Fact]
    public async Task The_app_is_told_who_it_is_and_sees_the_host_that_was_asked_for()
    {
        await using var world = await World.WithShopAsync();

        var answer = await world.AskAsync("shop-staging");

        Assert.Equal("shop-staging.azurewebsites.net", (string?)answer["host"]);
        Assert.Equal(IPAddress.Loopback.ToString(), (string?)answer["forwardedFor"]);
        Assert.Equal("shop", (string?)answer["settings"]!["WEBSITE_SITE_NAME"]);
        Assert.Equal("staging", (string?)answer["settings"]!["WEBSITE_SLOT_NAME"]);
        Assert.Equal("shop-staging.azurewebsites.net", (string?)answer["settings"]!["WEBSITE_HOSTNAME"]);
    }
}
