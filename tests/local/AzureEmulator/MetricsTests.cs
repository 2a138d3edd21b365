using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task One_exact_point_for_the_timespan_counts_what_each_slot_served()
    {
        await using var world = await World.WithShopAsync();
        foreach (var code in (int[])[200, 200, 404, 500, 503]) await StatusAsync(world, "shop", code);
        await StatusAsync(world, "shop-staging", 200);

        var production = await ReadAsync(world, World.Site, "FULL", "Requests,Http4xx,Http5xx", "total");
        var staging = await ReadAsync(world, World.Staging, "FULL", "Requests", "total");

        Assert.Equal([5.0, 1.0, 2.0], production.Select(metric => (double)metric!["timeseries"]![0]!["data"]!.AsArray().Single()!["total"]!));
        Assert.Equal(1.0, (double)staging[0]!["timeseries"]![0]!["data"]![0]!["total"]!);
        Assert.Equal(World.Staging + "/providers/Microsoft.Insights/metrics/Requests", (string?)staging[0]!["id"]);
    }

    [Fact]
    public async Task Minutes_without_requests_have_no_aggregate()
    {
        await using var world = await World.WithShopAsync();
        await StatusAsync(world, "shop", 200);

        var points = (await ReadAsync(world, World.Site, "PT1M", "Requests", "Total,Count"))[0]!["timeseries"]![0]!["data"]!.AsArray();

        Assert.True(points.Count > 1);
        Assert.Equal("""["timeStamp"]""", new JsonArray([.. points[0]!.AsObject().Select(pair => (JsonNode?)pair.Key)]).ToJsonString());
        Assert.Equal(1.0, points.Sum(point => (double?)point!["total"] ?? 0));
    }

    [Fact]
    public async Task Response_times_are_averaged_in_seconds_over_requests()
    {
        await using var world = await World.WithShopAsync();
        for (var request = 0; request < 5; request++) await StatusAsync(world, "shop", 200);

        var metric = (await ReadAsync(world, World.Site, "FULL", "HttpResponseTime", "Average,Maximum,Minimum"))[0]!;
        var point = metric["timeseries"]![0]!["data"]![0]!;

        Assert.Equal("Seconds", (string?)metric["unit"]);
        Assert.InRange((double)point["average"]!, (double)point["minimum"]!, (double)point["maximum"]!);
        Assert.InRange((double)point["average"]!, 0.000001, 5);
    }

    [Theory]
    [InlineData("interval=PT7M", "time grain")]
    [InlineData("metricnames=Moons", "Valid metrics: Requests")]
    [InlineData("aggregation=Median", "aggregation type")]
    [InlineData("timespan=yesterday", "time interval")]
    public async Task What_cannot_be_asked_is_said(string query, string message)
    {
        await using var world = await World.WithShopAsync();

        var refused = await world.Arm.SendAsync("GET", World.Site + "/providers/Microsoft.Insights/metrics", null, query);

        Assert.Equal(400, refused.Status);
        Assert.Contains(message, refused.Text1("error", "message"));
    }

    private static async Task<JsonArray> ReadAsync(World world, string resource, string interval, string names, string aggregation)
    {
        var now = DateTimeOffset.UtcNow;
        var timespan = Uri.EscapeDataString($"{now.AddMinutes(-3):yyyy-MM-ddTHH:mm:ssZ}/{now.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}");
        var answer = await world.Arm.SendAsync(
            "GET", resource + "/providers/Microsoft.Insights/metrics", null, $"timespan={timespan}&interval={interval}&metricnames={names}&aggregation={aggregation}");
        Assert.Equal(200, answer.Status);
        Assert.Equal(interval, answer.Text1("interval"));
        return answer.Body!["value"]!.AsArray();
    }

    private static async Task StatusAsync(World world, string host, int code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/status?code={code}");
        request.Headers.Host = host + ".azurewebsites.net";
        using var response = await world.Front.SendAsync(request);
        Assert.Equal(code, (int)response.StatusCode);
    }
}
