using System.Net;
using System.Text.Json.Nodes;

namespace Orchestrator.EndToEnd;

/// <summary>One migration that goes well, and what the orchestrator answers afterwards.</summary>
[Collection(OneAtATime.Name)]
public sealed class AfterMigrationTests(KeptDemo demo) : IClassFixture<KeptDemo>
{
    private const string Site =
        "/subscriptions/5d1f0f9c-5b0e-4b0a-9a6c-3f8f6f1e2a10/resourceGroups/shop/providers/Microsoft.Web/sites/shop";

    [Fact]
    public void Customers_notice_nothing_and_nothing_is_lost()
    {
        var result = demo.Result;

        Assert.Empty(result.GetProperty("reasons").EnumerateArray());
        Assert.Equal("succeeded", result.GetProperty("status").GetString());
        Assert.Equal("v2", result.GetProperty("servedVersion").GetString());
        Assert.Equal(0, result.GetProperty("failedRequests").GetInt32());
        Assert.Equal(0, result.GetProperty("lostWrites").GetInt32());
        Assert.Equal(0, result.GetProperty("mismatches").GetInt32());
        Assert.Equal(400, result.GetProperty("objects").GetInt32());
        Assert.Equal(1, result.GetProperty("swaps").GetInt32());
        Assert.True(result.GetProperty("writes").GetInt32() > 100);
        Assert.True(result.GetProperty("requestsPerSecond").GetDouble() >= 100);
        Assert.Contains("shop-v2", File.ReadAllText(result.GetProperty("report").GetString()!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spec_with_faults_is_answered_with_a_pointer_to_each_and_starts_nothing()
    {
        var spec = JsonNode.Parse($$"""
            {
              "id": "never",
              "site": "{{Site}}/slots/v2",
              "colour": "blue",
              "release": { "package": "https://shopstore.blob.core.windows.net/releases/shop-v2.zip" },
              "approval": { "approvers": ["ben@contoso.com"] },
              "window": { "weekly": [ { "days": ["Sat"], "start": "05:00", "end": "25:00", "timeZone": "Europe/Atlantis" } ] }
            }
            """);

        var (status, body) = await demo.SendAsync(HttpMethod.Post, "/api/migrations", "Migrations.Start", spec);
        var (after, _) = await demo.SendAsync(HttpMethod.Get, "/api/migrations/never", "Migrations.Read");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var pointers = body!["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()).ToList();
        Assert.Contains("/site", pointers);
        Assert.Contains("/colour", pointers);
        Assert.Contains(pointers, pointer => pointer.StartsWith("/window/weekly/0", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, after);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Migrations.Read", HttpStatusCode.Forbidden)]
    public async Task Only_who_may_start_a_migration_starts_one(string? role, HttpStatusCode expected)
    {
        var spec = new JsonObject
        {
            ["id"] = "never",
            ["site"] = Site,
            ["release"] = new JsonObject { ["package"] = "https://shopstore.blob.core.windows.net/releases/shop-v2.zip" },
            ["approval"] = "none",
        };

        var (status, _) = await demo.SendAsync(HttpMethod.Post, "/api/migrations", role, spec);

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task What_is_kept_up_is_still_served()
    {
        // Browsers know where *.localhost is; a resolver need not.
        var shop = new Uri(demo.Address("shop"));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(shop) { Host = "127.0.0.1" }.Uri);
        request.Headers.Host = shop.Authority;

        using var answer = await http.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Contains("Shop v2", page, StringComparison.Ordinal);
    }
}
