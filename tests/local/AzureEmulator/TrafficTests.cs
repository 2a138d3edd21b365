using System.Net;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class TrafficTests
{
    [Fact]
    public async Task A_ramp_up_rule_reads_back_complete_and_as_a_routing_rule_and_can_be_cleared()
    {
        await using var world = await World.WithShopAsync();

        await RampAsync(world, 15.0);
        var set = await world.Arm.OkAsync("GET", World.Site + "/config/web");
        var cleared = await world.Arm.SendAsync("PATCH", World.Site + "/config/web", """{"properties":{"experiments":{"rampUpRules":[]}}}""");

        const string Rule = """[{"actionHostName":"shop-staging.azurewebsites.net","reroutePercentage":15.0,"changeStep":null,"changeIntervalInMinutes":null,"minReroutePercentage":null,"maxReroutePercentage":null,"changeDecisionCallbackUrl":null,"name":"staging"}]""";
        Assert.Equal(Rule, set!["properties"]!["experiments"]!["rampUpRules"]!.ToJsonString());
        Assert.Equal(Rule, set["properties"]!["routingRules"]!.ToJsonString());
        Assert.Equal("[]", cleared.Body!["properties"]!["routingRules"]!.ToJsonString());
    }

    [Fact]
    public async Task A_percentage_of_new_clients_goes_to_the_slot()
    {
        await using var world = await World.WithShopAsync();
        await RampAsync(world, 50);

        var served = new List<string>();
        for (var client = 0; client < 200; client++) served.Add(await world.VersionAsync("shop"));

        Assert.InRange(served.Count(version => version == "v2"), 60, 140);
    }

    [Theory]
    [InlineData(100, "v2", "staging")]
    [InlineData(0, "v1", "self")]
    public async Task The_cookie_keeps_a_client_where_it_was(int percent, string version, string name)
    {
        await using var world = await World.WithShopAsync();
        await RampAsync(world, percent);
        using var first = await AskAsync(world, "/", null);
        var cookie = first.Headers.GetValues("Set-Cookie").Single();

        await RampAsync(world, 100 - percent);
        using var second = await AskAsync(world, "/", cookie.Split(';')[0]);

        Assert.StartsWith($"x-ms-routing-name={name}; max-age=3600; path=/; httponly", cookie);
        Assert.Contains($"\"version\":\"{version}\"", await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_query_chooses_a_slot_that_has_a_rule_even_at_zero_percent()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("PUT", World.Site + "/slots/other", """{"location":"westeurope","properties":{}}""");
        await RampAsync(world, 0);

        using var byHand = await AskAsync(world, "/?x-ms-routing-name=staging", null);
        using var withoutRule = await AskAsync(world, "/?x-ms-routing-name=other", null);
        using var home = await AskAsync(world, "/?x-ms-routing-name=self", "x-ms-routing-name=staging");

        Assert.Contains("\"version\":\"v2\"", await byHand.Content.ReadAsStringAsync());
        Assert.Contains("\"version\":\"v1\"", await withoutRule.Content.ReadAsStringAsync());
        Assert.Contains("\"version\":\"v1\"", await home.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_rules_nobody_gets_a_cookie_and_a_pinned_client_comes_home()
    {
        await using var world = await World.WithShopAsync();

        using var response = await AskAsync(world, "/", "x-ms-routing-name=staging");

        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Contains("\"version\":\"v1\"", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_host_is_404_and_localhost_names_work_too()
    {
        await using var world = await World.WithShopAsync();

        using var unknown = new HttpRequestMessage(HttpMethod.Get, "/");
        unknown.Headers.Host = "nobody.azurewebsites.net";
        using var refused = await world.Front.SendAsync(unknown);
        using var local = new HttpRequestMessage(HttpMethod.Get, "/");
        local.Headers.Host = "shop-staging.localhost:8080";
        using var served = await world.Front.SendAsync(local);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains("\"version\":\"v2\"", await served.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sites_are_reached_over_TLS_under_their_own_names()
    {
        await using var world = await World.WithShopAsync();
        using var handler = new SocketsHttpHandler
        {
            SslOptions = world.Handler.SslOptions,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, world.Addresses.FrontTls.Port, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);

        var answer = await client.GetStringAsync("https://shop.azurewebsites.net/");

        Assert.Contains("\"version\":\"v1\"", answer);
    }

    private static Task RampAsync(World world, double percent) => world.Arm.OkAsync(
        "PATCH",
        World.Site + "/config/web",
        $$$"""{"properties":{"experiments":{"rampUpRules":[{"name":"staging","reroutePercentage":{{{percent:0.0}}},"actionHostName":"shop-staging.azurewebsites.net"}] } } }""");

    private static async Task<HttpResponseMessage> AskAsync(World world, string path, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "shop.azurewebsites.net";
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await world.Front.SendAsync(request);
    }
}
