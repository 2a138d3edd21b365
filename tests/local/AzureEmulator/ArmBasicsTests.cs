using System.Net.Http.Headers;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class ArmBasicsTests
{
    [Fact]
    public async Task Without_a_token_the_answer_is_401_with_a_challenge()
    {
        await using var world = await World.StartAsync();

        using var response = await world.Arm.Http.GetAsync($"{World.Group}?api-version=2022-09-01");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("\"code\":\"AuthenticationFailed\"", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("", "MissingApiVersionParameter")]
    [InlineData("?api-version=latest", "InvalidApiVersionParameter")]
    public async Task An_api_version_is_required_and_must_be_a_date(string query, string code)
    {
        await using var world = await World.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, World.Group + query);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "token");
        using var response = await world.Arm.Http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Every_answer_carries_its_ids_and_what_is_left_of_the_rate_limit()
    {
        await using var world = await World.StartAsync();

        var answer = await world.Arm.SendAsync(
            "GET", "/subscriptions/" + World.Subscription, null, null, ("x-ms-client-request-id", "mine"), ("x-ms-return-client-request-id", "true"), ("x-ms-correlation-request-id", "ours"));

        Assert.Equal(200, answer.Status);
        Assert.True(Guid.TryParse(answer.Header("x-ms-request-id"), out _));
        Assert.Equal("ours", answer.Header("x-ms-correlation-request-id"));
        Assert.Equal("mine", answer.Header("x-ms-client-request-id"));
        Assert.StartsWith("LOCAL:", answer.Header("x-ms-routing-request-id"));
        Assert.Equal("249", answer.Header("x-ms-ratelimit-remaining-subscription-reads"));
        Assert.Equal("no-cache", answer.Header("Cache-Control"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Paths_match_whatever_their_case()
    {
        await using var world = await World.WithShopAsync();

        var answer = await world.Arm.SendAsync("GET", World.Staging.ToUpperInvariant().Replace("/SUBSCRIPTIONS", "/subscriptions"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("shop/staging", answer.Text1("name"));
    }

    [Theory]
    [InlineData("/subscriptions/not-a-guid", 400, "InvalidSubscriptionId")]
    [InlineData(World.Group, 404, "ResourceGroupNotFound")]
    [InlineData(World.Group + "/providers/Microsoft.Web/sites/none", 404, "ResourceNotFound")]
    [InlineData(World.Group + "/providers/Microsoft.Web/moons/none", 404, "InvalidResourceType")]
    public async Task What_is_not_there_is_said_in_the_envelope(string path, int status, string code)
    {
        await using var world = await World.StartAsync();

        var answer = await world.Arm.SendAsync("GET", path);

        Assert.Equal(status, answer.Status);
        Assert.Equal(code, answer.Text1("error", "code"));
        if (status == 404) Assert.Equal("gateway", answer.Header("x-ms-failure-cause"));
    }

    [Fact]
    public async Task A_declared_list_of_subscriptions_closes_all_others()
    {
        await using var world = await World.StartAsync(options => new EmulatorOptions
        {
            DataDirectory = options.DataDirectory,
            Runtime = options.Runtime,
            Subscriptions = ["22222222-2222-2222-2222-222222222222"],
        });

        var other = await world.Arm.SendAsync("GET", "/subscriptions/" + World.Subscription);
        var own = await world.Arm.SendAsync("GET", "/subscriptions/22222222-2222-2222-2222-222222222222");

        Assert.Equal("SubscriptionNotFound", other.Text1("error", "code"));
        Assert.Equal("Enabled", own.Text1("state"));
    }

    [Fact]
    public async Task An_empty_bucket_refuses_with_429_when_limits_are_enforced()
    {
        await using var world = await World.StartAsync(options => new EmulatorOptions { DataDirectory = options.DataDirectory, Runtime = options.Runtime, EnforceRateLimits = true });
        ArmAnswer answer;
        var calls = 0;
        do
        {
            answer = await world.Arm.SendAsync("POST", $"/subscriptions/{World.Subscription}/providers/Microsoft.Web/register");
            calls++;
        }
        while (answer.Status == 200 && calls < 2000);

        Assert.True(calls > 200, $"refused after {calls}");
        Assert.Equal(429, answer.Status);
        Assert.Equal("SubscriptionRequestsThrottled", answer.Text1("error", "code"));
        Assert.True(int.Parse(answer.Header("Retry-After")!) > 0);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_refused()
    {
        await using var world = await World.StartAsync();

        var answer = await world.Arm.SendAsync("PUT", World.Group, "{\"location\":");

        Assert.Equal(400, answer.Status);
        Assert.Equal("InvalidRequestContent", answer.Text1("error", "code"));
    }
}
