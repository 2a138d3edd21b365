using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class AlertTests
{
    private const string Rules = World.Group + "/providers/Microsoft.Insights/metricAlerts";
    private const string Groups = World.Group + "/providers/Microsoft.Insights/actionGroups";

    private const string Rule = $$$$"""
        {"location":"global","tags":{"owner":"shop"},"properties":{"description":"slow","severity":2,"enabled":true,"scopes":["{{{{World.Site}}}}"],
          "evaluationFrequency":"PT1M","windowSize":"PT5M","autoMitigate":true,"actions":[{"actionGroupId":"{{{{Groups}}}}/on-call"}],
          "criteria":{"odata.type":"Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria","allOf":[{"criterionType":"StaticThresholdCriterion","name":"limit",
            "metricName":"HttpResponseTime","operator":"GreaterThan","threshold":0.5,"timeAggregation":"Average"}]}}}
        """;

    [Fact]
    public async Task A_rule_is_put_read_listed_and_deleted()
    {
        await using var world = await World.WithShopAsync();

        var put = await world.Arm.SendAsync("PUT", $"{Rules}/slow", Rule);
        var again = await world.Arm.SendAsync("PUT", $"{Rules}/SLOW", Rule.Replace("0.5", "0.7"));
        var ofGroup = (await world.Arm.OkAsync("GET", Rules))!["value"]!.AsArray();
        var ofSubscription = (await world.Arm.OkAsync("GET", $"/subscriptions/{World.Subscription}/providers/Microsoft.Insights/metricAlerts"))!["value"]!.AsArray();
        var (gone, goneAlready) = (await world.Arm.SendAsync("DELETE", $"{Rules}/slow"), await world.Arm.SendAsync("DELETE", $"{Rules}/slow"));

        Assert.Equal((200, 200), (put.Status, again.Status));
        Assert.Equal(($"{Rules}/slow", "Microsoft.Insights/metricAlerts", "shop"), (put.Text1("id"), put.Text1("type"), put.Text1("tags", "owner")));
        Assert.Equal(0.7, (double)ofGroup.Single()!["properties"]!["criteria"]!["allOf"]![0]!["threshold"]!);
        Assert.Single(ofSubscription);
        Assert.Equal((200, 204), (gone.Status, goneAlready.Status));
        Assert.Equal(404, (await world.Arm.SendAsync("GET", $"{Rules}/slow")).Status);
    }

    [Theory]
    [InlineData("/location", "\"westeurope\"")]
    [InlineData("/properties/severity", "5")]
    [InlineData("/properties/scopes", "[]")]
    [InlineData("/properties/evaluationFrequency", "\"PT2M\"")]
    [InlineData("/properties/windowSize", "\"PT7M\"")]
    [InlineData("/properties/criteria/odata.type", null)]
    [InlineData("/properties/criteria/allOf", "[]")]
    [InlineData("/properties/criteria/allOf/0/threshold", "\"much\"")]
    [InlineData("/properties/criteria/allOf/0/operator", "\"Exceeds\"")]
    [InlineData("/properties/actions/0/actionGroupId", null)]
    public async Task What_is_no_rule_is_refused(string at, string? json)
    {
        await using var world = await World.WithShopAsync();
        var body = JsonNode.Parse(Rule)!;
        var path = at.Split('/')[1..];
        var owner = path[..^1].Aggregate(body, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!);
        owner[path[^1]] = json is null ? null : JsonNode.Parse(json);

        var refused = await world.Arm.SendAsync("PUT", $"{Rules}/slow", body.ToJsonString());

        Assert.Equal(400, refused.Status);
        Assert.Equal(404, (await world.Arm.SendAsync("GET", $"{Rules}/slow")).Status);
    }

    [Fact]
    public async Task An_action_group_is_there_until_its_resource_group_goes()
    {
        await using var world = await World.WithShopAsync();
        const string Body = """{"location":"Global","properties":{"groupShortName":"on-call","enabled":true,"emailReceivers":[]}}""";

        var (created, again) = (await world.Arm.SendAsync("PUT", $"{Groups}/on-call", Body), await world.Arm.SendAsync("PUT", $"{Groups}/on-call", Body));
        var listed = (await world.Arm.OkAsync("GET", World.Group + "/resources"))!["value"]!.AsArray().Select(resource => (string?)resource!["type"]);
        await world.Arm.SettleAsync("DELETE", World.Group);
        await world.Arm.OkAsync("PUT", World.Group, """{"location":"westeurope"}""");

        Assert.Equal((201, 200), (created.Status, again.Status));
        Assert.Contains("Microsoft.Insights/actionGroups", listed);
        Assert.Equal(404, (await world.Arm.SendAsync("GET", $"{Groups}/on-call")).Status);
    }
}
