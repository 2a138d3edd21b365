using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class SiteTests
{
    [Fact]
    public async Task A_site_and_its_slot_look_as_ARM_shows_them()
    {
        await using var world = await World.WithShopAsync();

        var site = await world.Arm.SendAsync("GET", World.Site);
        var slot = await world.Arm.SendAsync("GET", World.Staging);

        Assert.Equal("Microsoft.Web/sites", site.Text1("type"));
        Assert.Equal("West Europe", site.Text1("location"));
        Assert.Equal("shop.azurewebsites.net", site.Text1("properties", "defaultHostName"));
        Assert.Equal("shop", site.Text1("properties", "deploymentId"));
        Assert.Equal("Standard", site.Text1("properties", "sku"));
        Assert.Null(site.Body!["properties"]!["siteConfig"]!["appSettings"]);
        Assert.Matches("^\"[0-9A-F]+\"$", site.Header("ETag"));
        Assert.Equal("shop/staging", slot.Text1("name"));
        Assert.Equal("Microsoft.Web/sites/slots", slot.Text1("type"));
        Assert.Equal("shop(staging)", slot.Text1("properties", "name"));
        Assert.Equal("shop-staging.azurewebsites.net", slot.Text1("properties", "defaultHostName"));
        Assert.Matches("^shop__[0-9a-f]{4}$", slot.Text1("properties", "deploymentId"));
    }

    [Fact]
    public async Task A_slot_without_a_package_shows_the_default_page()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("PUT", World.Site + "/slots/empty", """{"location":"westeurope","properties":{}}""");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "shop-empty.azurewebsites.net";
        using var response = await world.Front.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("Your app is up and running", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_basic_plan_allows_no_slot_and_a_standard_one_five()
    {
        await using var world = await World.WithShopAsync();
        for (var number = 2; number <= 5; number++) await world.Arm.OkAsync("PUT", $"{World.Site}/slots/s{number}", """{"location":"westeurope","properties":{}}""");

        var sixth = await world.Arm.SendAsync("PUT", World.Site + "/slots/s6", """{"location":"westeurope","properties":{}}""");
        await world.Arm.OkAsync("PUT", World.Web + "/serverfarms/small", """{"location":"westeurope","sku":{"name":"B1"}}""");
        await world.Arm.OkAsync("PUT", World.Web + "/sites/small", $$$"""{"location":"westeurope","properties":{"serverFarmId":"{{{World.Web}}}/serverfarms/small"}}""");
        var basic = await world.Arm.SendAsync("PUT", World.Web + "/sites/small/slots/one", """{"location":"westeurope","properties":{}}""");

        Assert.Equal(409, sixth.Status);
        Assert.Equal("Cannot complete the operation because the site will exceed the number of slots allowed for the 'Standard' SKU.", sixth.Text1("Message"));
        Assert.Equal("Cannot complete the operation because the site will exceed the number of slots allowed for the 'Basic' SKU.", basic.Text1("Message"));
    }

    [Fact]
    public async Task Tags_are_kept_on_slots_and_replaced_by_patch()
    {
        await using var world = await World.WithShopAsync();

        var patched = await world.Arm.SendAsync("PATCH", World.Staging, """{"tags":{"created-by":"run-1"}}""");
        var read = await world.Arm.SendAsync("GET", World.Staging);

        Assert.Equal(200, patched.Status);
        Assert.Equal("""{"created-by":"run-1"}""", read.Body!["tags"]!.ToJsonString());
        Assert.Equal("v2", await world.VersionAsync("shop-staging"));
    }

    [Fact]
    public async Task A_write_with_a_stale_ETag_is_refused()
    {
        await using var world = await World.WithShopAsync();
        var tag = (await world.Arm.SendAsync("GET", World.Staging)).Header("ETag")!;
        await world.Arm.OkAsync("PATCH", World.Staging, """{"tags":{"a":"1"}}""");

        var stale = await world.Arm.SendAsync("PATCH", World.Staging, """{"tags":{"a":"2"}}""", null, ("If-Match", tag));
        var fresh = (await world.Arm.SendAsync("GET", World.Staging)).Header("ETag")!;
        var current = await world.Arm.SendAsync("PATCH", World.Staging, """{"tags":{"a":"3"}}""", null, ("If-Match", fresh));

        Assert.Equal(412, stale.Status);
        Assert.Equal(200, current.Status);
    }

    [Fact]
    public async Task A_stopped_site_answers_403_until_it_is_started()
    {
        await using var world = await World.WithShopAsync();

        await world.Arm.OkAsync("POST", World.Site + "/stop");
        var stopped = await world.Arm.SendAsync("GET", World.Site);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "shop.azurewebsites.net";
        using var refused = await world.Front.SendAsync(request);
        await world.Arm.OkAsync("POST", World.Site + "/start");

        Assert.Equal("Stopped", stopped.Text1("properties", "state"));
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal("v1", await world.VersionAsync("shop"));
    }

    [Fact]
    public async Task Names_are_unique_and_can_be_asked_for()
    {
        await using var world = await World.WithShopAsync();
        var ask = $"/subscriptions/{World.Subscription}/providers/Microsoft.Web/checknameavailability";

        var taken = await world.Arm.OkAsync("POST", ask, """{"name":"shop","type":"Site"}""");
        var free = await world.Arm.OkAsync("POST", ask, """{"name":"other","type":"Site"}""");

        Assert.Equal("AlreadyExists", (string?)taken!["reason"]);
        Assert.Equal("""{"nameAvailable":true,"reason":"","message":""}""", free!.ToJsonString());
    }

    [Fact]
    public async Task Deleting_a_slot_ends_its_app_and_is_204_the_second_time()
    {
        await using var world = await World.WithShopAsync();

        var first = await world.Arm.SendAsync("DELETE", World.Staging);
        var second = await world.Arm.SendAsync("DELETE", World.Staging);

        Assert.Equal((200, 204), (first.Status, second.Status));
        Assert.Empty((await world.Arm.OkAsync("GET", World.Site + "/slots"))!["value"]!.AsArray());
        Assert.Equal(1, world.Apps.Running);
    }

    [Fact]
    public async Task An_app_that_dies_is_started_again_and_no_request_fails()
    {
        await using var world = await World.WithShopAsync();
        var before = (int)(await world.AskAsync("shop"))["instance"]!;

        await world.Apps.Started.Single(app => app.Start.Slot == "production").KillAsync();
        var after = (int)(await world.AskAsync("shop"))["instance"]!;

        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task An_app_that_never_starts_leaves_its_slot_answering_503()
    {
        await using var world = await World.WithShopAsync();
        await world.DeployAsync(World.Staging, "broken", "exits");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "shop-staging.azurewebsites.net";
        using var response = await world.Front.SendAsync(request);

        Assert.Equal(503, (int)response.StatusCode);
        var slot = (await world.ControlAsync("state"))["sites"]![0]!["slots"]![1]!;
        Assert.Contains("ended before it answered", (string?)slot["failure"]);
    }
}
