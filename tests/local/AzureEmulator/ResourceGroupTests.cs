using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class ResourceGroupTests
{
    private const string Lower = $"/subscriptions/{World.Subscription}/resourcegroups/shop";

    [Fact]
    public async Task A_group_is_created_with_201_and_replaced_with_200()
    {
        await using var world = await World.StartAsync();

        var created = await world.Arm.SendAsync("PUT", Lower, """{"location":"westus","managedBy":"admin","tags":{"a":"b","c":""}}""");
        var replaced = await world.Arm.SendAsync("PUT", Lower, """{"location":"West US"}""");

        Assert.Equal(201, created.Status);
        var expected = JsonNode.Parse($$$"""
            {"id":"{{{World.Group}}}","name":"shop","type":"Microsoft.Resources/resourceGroups","location":"westus","managedBy":"admin",
             "tags":{"a":"b","c":""},"properties":{"provisioningState":"Succeeded"}}
            """);
        Assert.True(JsonNode.DeepEquals(expected, created.Body), created.Text);
        Assert.Equal(200, replaced.Status);
        Assert.Null(replaced.Body!["tags"]);
    }

    [Fact]
    public async Task Head_tells_whether_a_group_exists()
    {
        await using var world = await World.StartAsync();

        var before = await world.Arm.SendAsync("HEAD", Lower);
        await world.Arm.OkAsync("PUT", Lower, """{"location":"westus"}""");
        var after = await world.Arm.SendAsync("HEAD", Lower);

        Assert.Equal(404, before.Status);
        Assert.Equal("gateway", before.Header("x-ms-failure-cause"));
        Assert.Equal(204, after.Status);
    }

    [Fact]
    public async Task Patch_replaces_the_whole_tag_set()
    {
        await using var world = await World.StartAsync();
        await world.Arm.OkAsync("PUT", Lower, """{"location":"westus","tags":{"a":"1"}}""");

        var patched = await world.Arm.SendAsync("PATCH", Lower, """{"tags":{"b":"2"}}""");

        Assert.Equal("""{"b":"2"}""", patched.Body!["tags"]!.ToJsonString());
    }

    [Fact]
    public async Task Deleting_is_polled_by_Location_and_ends_with_an_empty_200()
    {
        await using var world = await World.WithShopAsync();

        var accepted = await world.Arm.SendAsync("DELETE", Lower);
        var done = await world.Arm.SettleAsync("GET", accepted.Header("Location")!);

        Assert.Equal(202, accepted.Status);
        Assert.Empty(accepted.Text);
        Assert.Contains($"/subscriptions/{World.Subscription}/operationresults/", accepted.Header("Location"));
        Assert.Equal(200, done.Status);
        Assert.Empty(done.Text);
        Assert.Equal("ResourceGroupNotFound", (await world.Arm.SendAsync("GET", Lower)).Text1("error", "code"));
        Assert.Equal(404, (await world.Arm.SendAsync("GET", World.Site)).Status);
        await Until.TrueAsync(() => Task.FromResult(world.Apps.Running == 0), "its apps have ended");
    }

    [Fact]
    public async Task The_resources_of_a_group_are_listed_with_their_types_and_tags()
    {
        await using var world = await World.WithShopAsync();

        var all = await world.Arm.OkAsync("GET", Lower + "/resources");
        var sites = await world.Arm.SendAsync("GET", Lower + "/resources", null, "$filter=" + Uri.EscapeDataString("resourceType eq 'Microsoft.Web/sites'"));

        Assert.Equal(
            ["Microsoft.Web/serverfarms", "Microsoft.Web/sites", "Microsoft.Web/sites/slots"],
            all!["value"]!.AsArray().Select(one => (string)one!["type"]!).Order());
        Assert.Equal("shop", (string?)sites.Body!["value"]!.AsArray().Single()!["tags"]!["owner"]);
    }
}
