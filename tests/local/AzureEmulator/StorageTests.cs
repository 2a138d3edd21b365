using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class StorageTests
{
    private const string Account = $"{World.Group}/providers/Microsoft.Storage/storageAccounts/shopstore2";
    private const string Body = """{"sku":{"name":"Standard_LRS"},"kind":"StorageV2","location":"westus","tags":{"a":"b"}}""";
    private const string Container = Account + "/blobServices/default/containers/orders";

    [Fact]
    public async Task An_account_comes_by_202_is_invisible_until_done_and_repeats_with_200()
    {
        await using var world = await WithGroupAsync(TimeSpan.FromMilliseconds(300));

        var accepted = await world.Arm.SendAsync("PUT", Account, Body);
        var meanwhile = await world.Arm.SendAsync("GET", Account);
        var done = await world.Arm.SettleAsync("GET", accepted.Header("Location")!);
        var again = await world.Arm.SendAsync("PUT", Account, Body);

        Assert.Equal(202, accepted.Status);
        Assert.Contains("/providers/Microsoft.Storage/locations/westus/asyncoperations/", accepted.Header("Location"));
        Assert.Contains("?monitor=true&api-version=", accepted.Header("Location"));
        Assert.Equal(404, meanwhile.Status);
        Assert.Equal("Succeeded", done.Text1("properties", "provisioningState"));
        Assert.Equal("http://127.0.0.1:10000/shopstore2/", done.Text1("properties", "primaryEndpoints", "blob"));
        Assert.Equal("""{"name":"Standard_LRS","tier":"Standard"}""", done.Body!["sku"]!.ToJsonString());
        Assert.Equal(200, again.Status);
    }

    [Fact]
    public async Task Keys_are_those_of_the_blob_server_and_names_are_unique()
    {
        await using var world = await WithGroupAsync();
        await world.Arm.SettleAsync("PUT", Account, Body);
        await world.Arm.OkAsync("PUT", World.Group.Replace("shop", "other"), """{"location":"westus"}""");

        var keys = await world.Arm.OkAsync("POST", Account + "/listKeys");
        var taken = await world.Arm.SendAsync("PUT", Account.Replace("/shop/", "/other/"), Body);
        var check = await world.Arm.OkAsync(
            "POST", $"/subscriptions/{World.Subscription}/providers/Microsoft.Storage/checkNameAvailability", """{"name":"shopstore2","type":"Microsoft.Storage/storageAccounts"}""");

        Assert.Equal("c2VjcmV0", (string?)keys!["keys"]![0]!["value"]);
        Assert.Equal(["key1", "key2"], keys["keys"]!.AsArray().Select(key => (string)key!["keyName"]!));
        Assert.Equal((409, "StorageAccountAlreadyTaken"), (taken.Status, taken.Text1("error", "code")));
        Assert.Equal("""{"nameAvailable":false,"reason":"AlreadyExists","message":"The storage account named shopstore2 is already taken."}""", check!.ToJsonString());
    }

    [Theory]
    [InlineData("Upper", "AccountNameInvalid")]
    [InlineData("a", "AccountNameInvalid")]
    public async Task A_bad_name_is_refused(string name, string code)
    {
        await using var world = await WithGroupAsync();

        var refused = await world.Arm.SendAsync("PUT", Account.Replace("shopstore2", name), Body);

        Assert.Equal((400, code), (refused.Status, refused.Text1("error", "code")));
    }

    [Fact]
    public async Task A_container_is_made_once_on_the_blob_server_and_deleted_there()
    {
        await using var blobs = await BlobServerStub.StartAsync();
        await using var world = await WithGroupAsync(blobs: blobs.Endpoint);
        await world.Arm.SettleAsync("PUT", Account, Body);

        var (first, second) = (await world.Arm.SendAsync("PUT", Container, "{}"), await world.Arm.SendAsync("PUT", Container, "{}"));
        var read = await world.Arm.SendAsync("GET", Container);
        var (gone, goneAlready) = (await world.Arm.SendAsync("DELETE", Container), await world.Arm.SendAsync("DELETE", Container));
        var missing = await world.Arm.SendAsync("GET", Container);

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Equal("Microsoft.Storage/storageAccounts/blobServices/containers", read.Text1("type"));
        Assert.Equal((200, 204), (gone.Status, goneAlready.Status));
        Assert.Equal("ContainerNotFound", missing.Text1("error", "code"));
        Assert.Empty(blobs.BadSignatures);
        Assert.Equal(2, blobs.Calls.Count(call => call == "PUT /shopstore2/orders?restype=container"));
    }

    [Fact]
    public async Task Blob_service_properties_are_kept()
    {
        await using var world = await WithGroupAsync();
        await world.Arm.SettleAsync("PUT", Account, Body);

        await world.Arm.OkAsync("PUT", Account + "/blobServices/default", """{"properties":{"isVersioningEnabled":true,"changeFeed":{"enabled":true,"retentionInDays":7}}}""");
        var read = await world.Arm.OkAsync("GET", Account + "/blobServices/default");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"isVersioningEnabled":true,"changeFeed":{"enabled":true,"retentionInDays":7}}"""), read!["properties"]));
    }

    [Fact]
    public async Task Deleting_an_account_is_204_the_second_time()
    {
        await using var world = await WithGroupAsync();
        await world.Arm.SettleAsync("PUT", Account, Body);

        var (first, second) = (await world.Arm.SendAsync("DELETE", Account), await world.Arm.SendAsync("DELETE", Account));

        Assert.Equal((200, 204), (first.Status, second.Status));
    }

    private static async Task<World> WithGroupAsync(TimeSpan duration = default, string blobs = "http://127.0.0.1:10000")
    {
        var world = await World.StartAsync(options => new EmulatorOptions
        {
            DataDirectory = options.DataDirectory,
            Runtime = options.Runtime,
            RetryAfterSeconds = 0,
            BlobEndpoint = blobs,
            BlobAccounts = new Dictionary<string, string> { ["shopstore2"] = "c2VjcmV0" },
            Durations = options.Durations with { StorageAccountWrite = duration },
        });
        await world.Arm.OkAsync("PUT", World.Group, """{"location":"westus"}""");
        return world;
    }
}
