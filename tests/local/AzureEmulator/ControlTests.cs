using System.Diagnostics;
using System.Net;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class ControlTests
{
    private const string Swap = """{"targetSlot":"production","preserveVnet":true}""";

    [Fact]
    public async Task The_call_log_shows_every_call_and_no_secret()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("PUT", World.Site + "/config/appsettings", """{"properties":{"password":"hunter2","plain":"hunter3"}}""");
        await world.Arm.OkAsync("PUT", World.Site + "/config/connectionstrings", """{"properties":{"Main":{"value":"hunter4","type":"Custom"}}}""");

        var calls = (await world.ControlAsync("calls?method=PUT&path=" + Uri.EscapeDataString("/config/appsettings$"))).AsArray();
        var all = (await world.ControlAsync("calls")).ToJsonString();

        var call = Assert.Single(calls)!;
        Assert.Equal((200, World.Site + "/config/appsettings"), ((int)call["status"]!, (string?)call["path"]));
        Assert.Equal("""{"properties":{"password":"***","plain":"***"}}""", call["body"]!.ToJsonString());
        Assert.DoesNotContain("hunter", all);
        Assert.DoesNotContain("sig=secret", all);
        Assert.DoesNotContain("6.9.1", all);
    }

    [Fact]
    public async Task A_fault_before_the_effect_prevents_it()
    {
        await using var world = await World.WithShopAsync();
        await world.FaultAsync("""{"match":{"method":"POST","path":"/slotsswap$","times":1},"action":{"status":500,"body":{"error":{"code":"InternalServerError","message":"x"}}},"when":"before"}""");

        var failed = await world.Arm.SendAsync("POST", World.Staging + "/slotsswap", Swap);
        var production = await world.VersionAsync("shop");
        var retried = await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", Swap);

        Assert.Equal((500, "v1", 200), (failed.Status, production, retried.Status));
        Assert.Equal("v2", await world.VersionAsync("shop"));
    }

    [Fact]
    public async Task A_fault_after_the_effect_loses_only_the_reply()
    {
        await using var world = await World.WithShopAsync();
        await world.FaultAsync("""{"match":{"method":"PUT","path":"/slots/extra$"},"action":{"drop":true},"when":"after"}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => world.Arm.SendAsync("PUT", World.Site + "/slots/extra", """{"location":"westeurope","properties":{}}"""));

        Assert.Equal(200, (await world.Arm.SendAsync("GET", World.Site + "/slots/extra")).Status);
        var call = Assert.Single((await world.ControlAsync("calls?path=" + Uri.EscapeDataString("/slots/extra$") + "&method=PUT")).AsArray())!;
        Assert.Equal((0, 200, "1: after"), ((int)call["status"]!, (int)call["effectStatus"]!, (string?)call["fault"]));
    }

    [Fact]
    public async Task Throttling_answers_429_with_a_time_to_wait()
    {
        await using var world = await World.WithShopAsync();
        await world.FaultAsync("""{"match":{"path":"/sites/shop$","nth":2},"action":{"throttle":{"retryAfter":7}}}""");

        var answers = new List<ArmAnswer>();
        for (var call = 0; call < 3; call++) answers.Add(await world.Arm.SendAsync("GET", World.Site));

        Assert.Equal([200, 429, 200], answers.Select(answer => answer.Status));
        Assert.Equal("7", answers[1].Header("Retry-After"));
        Assert.Equal("SubscriptionRequestsThrottled", answers[1].Text1("error", "code"));
    }

    [Fact]
    public async Task A_delay_keeps_the_answer_and_after_skips_the_first_calls()
    {
        await using var world = await World.WithShopAsync();
        await world.FaultAsync("""{"match":{"path":"/sites/shop$","after":1,"times":1},"action":{"delayMs":300}}""");

        var times = new List<TimeSpan>();
        for (var call = 0; call < 3; call++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(200, (await world.Arm.SendAsync("GET", World.Site)).Status);
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        Assert.True(times[1] >= TimeSpan.FromMilliseconds(290), $"{times[1]}");
        var faults = (await world.ControlAsync("faults")).AsArray();
        Assert.Equal((3, 1), ((int)faults[0]!["matched"]!, (int)faults[0]!["applied"]!));
    }

    [Theory]
    [InlineData("before", 0)]
    [InlineData("after", 1)]
    public async Task Sites_can_be_made_to_fail_too(string when, int reached)
    {
        await using var world = await World.WithShopAsync();
        await world.FaultAsync($$$"""{"match":{"host":"^shop-staging[.]","path":"^/status"},"action":{"status":503},"when":"{{{when}}}"}""");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/status?code=200");
        request.Headers.Host = "shop-staging.azurewebsites.net";
        using var response = await world.Front.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("v2", await world.VersionAsync("shop-staging"));
        var staging = (await world.ControlAsync("requests")).AsArray().Single(slot => (string?)slot!["slot"] == "staging")!;
        Assert.Equal((2 + reached, 1), ((int)staging["requests"]!, (int)staging["http5xx"]!));
    }

    [Theory]
    [InlineData("""{"match":{},"action":{}}""")]
    [InlineData("""{"match":{"path":"("},"action":{"drop":true}}""")]
    [InlineData("""{"match":{"paths":"x"},"action":{"drop":true}}""")]
    public async Task A_fault_that_says_nothing_or_nonsense_is_refused(string fault)
    {
        await using var world = await World.StartAsync();
        using var content = new StringContent(fault, null, "application/json");

        using var response = await world.Control.PostAsync("faults", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_state_tells_what_runs_where()
    {
        await using var world = await World.WithShopAsync();

        var slots = (await world.ControlAsync("state"))["sites"]![0]!["slots"]!.AsArray();

        Assert.Equal(["production", "staging"], slots.Select(slot => (string)slot!["name"]!));
        Assert.Equal(["Running", "Running"], slots.Select(slot => (string)slot!["state"]!));
        Assert.Contains("/v2-", (string?)slots[1]!["package"]);
        Assert.DoesNotContain("sig", (string?)slots[1]!["package"]);
    }

    [Fact]
    public async Task A_reset_forgets_everything_and_ends_the_apps()
    {
        await using var world = await World.WithShopAsync();
        await world.FaultAsync("""{"match":{},"action":{"drop":true}}""");

        using var response = await world.Control.PostAsync("reset", null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, world.Apps.Running);
        Assert.Equal(404, (await world.Arm.SendAsync("GET", World.Group)).Status);
        Assert.Single((await world.ControlAsync("calls")).AsArray());
    }

    [Fact]
    public async Task The_activity_log_lists_writes_of_a_group()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", Swap);

        var log = await world.Arm.SendAsync(
            "GET",
            $"/subscriptions/{World.Subscription}/providers/Microsoft.Insights/eventtypes/management/values",
            null,
            "$filter=" + Uri.EscapeDataString("resourceGroupName eq 'shop'"));

        var newest = log.Body!["value"]![0]!;
        Assert.Equal("microsoft.web/sites/slots/slotsswap/action", (string?)newest["operationName"]!["value"]);
        Assert.Equal("Succeeded", (string?)newest["status"]!["value"]);
    }
}
