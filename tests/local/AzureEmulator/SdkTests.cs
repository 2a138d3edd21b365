using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

/// <summary>The client library that the product uses finds its way around: provider look-up, generic resources, polling, errors.</summary>
public sealed class SdkTests
{
    [Fact]
    public async Task Generic_resources_are_read_changed_created_and_deleted()
    {
        await using var world = await World.WithShopAsync();
        var client = Client(world);
        var slot = client.GetGenericResource(new ResourceIdentifier(World.Staging));

        var data = (await slot.GetAsync()).Value.Data;
        await slot.UpdateAsync(WaitUntil.Completed, new GenericResourceData(data.Location) { Tags = { ["created-by"] = "run-1" } });
        var tagged = (await slot.GetAsync()).Value.Data;
        await slot.DeleteAsync(WaitUntil.Completed);

        Assert.Equal("shop/staging", data.Name);
        Assert.Equal(AzureLocation.WestEurope, data.Location);
        Assert.Equal("run-1", tagged.Tags["created-by"]);
        Assert.False((await client.GetGenericResources().ExistsAsync(new ResourceIdentifier(World.Staging))).Value);
    }

    [Fact]
    public async Task A_tag_is_added_beside_the_others_and_removed_again()
    {
        await using var world = await World.WithShopAsync();
        var slot = (await Client(world).GetGenericResource(new ResourceIdentifier(World.Staging)).GetAsync()).Value;

        var added = (await slot.AddTagAsync("created-by", "run-1")).Value;
        var removed = (await added.RemoveTagAsync("owner")).Value;

        Assert.Equal(["created-by", "owner"], added.Data.Tags.Keys.Order());
        Assert.Equal(["created-by"], removed.Data.Tags.Keys);
    }

    [Fact]
    public async Task A_storage_account_is_created_through_its_polled_location()
    {
        await using var world = await World.WithShopAsync();
        var client = Client(world);
        var id = new ResourceIdentifier($"{World.Group}/providers/Microsoft.Storage/storageAccounts/shopstore2");
        var body = new GenericResourceData(AzureLocation.WestEurope) { Kind = "StorageV2", Sku = new Azure.ResourceManager.Resources.Models.ResourcesSku { Name = "Standard_LRS" }, Properties = BinaryData.FromString("{}") };

        var operation = await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Completed, id, body);

        Assert.Equal("shopstore2", operation.Value.Data.Name);
        Assert.Contains("primaryEndpoints", operation.Value.Data.Properties.ToString());
    }

    [Fact]
    public async Task Groups_are_found_listed_and_deleted_to_the_end()
    {
        await using var world = await World.WithShopAsync();
        var subscription = Client(world).GetSubscriptionResource(new ResourceIdentifier($"/subscriptions/{World.Subscription}"));
        var group = (await subscription.GetResourceGroupAsync("shop")).Value;

        var names = new List<string>();
        await foreach (var resource in group.GetGenericResourcesAsync()) names.Add(resource.Data.Name);
        await group.DeleteAsync(WaitUntil.Completed);

        Assert.Equal(["plan", "shop", "shop/staging"], names.Order());
        Assert.False((await subscription.GetResourceGroups().ExistsAsync("shop")).Value);
    }

    [Fact]
    public async Task A_lock_refuses_with_its_code_and_a_busy_site_with_none()
    {
        await using var world = await World.WithShopAsync();
        var client = Client(world);
        await world.Arm.OkAsync("PUT", World.Staging + "/providers/Microsoft.Authorization/locks/keep", """{"properties":{"level":"CanNotDelete"}}""");
        var slot = client.GetGenericResource(new ResourceIdentifier(World.Staging));

        var locked = await Assert.ThrowsAsync<RequestFailedException>(() => slot.DeleteAsync(WaitUntil.Completed));
        await world.Arm.OkAsync("DELETE", World.Staging + "/providers/Microsoft.Authorization/locks/keep");
        await world.Arm.OkAsync("POST", World.Staging + "/applySlotConfig", """{"targetSlot":"production","preserveVnet":true}""");
        var prepared = await Assert.ThrowsAsync<RequestFailedException>(() => slot.DeleteAsync(WaitUntil.Completed));

        Assert.Equal((409, "ScopeLocked"), (locked.Status, locked.ErrorCode));
        Assert.Equal((409, null), (prepared.Status, prepared.ErrorCode));
    }

    private static ArmClient Client(World world)
    {
        var options = new ArmClientOptions
        {
            Environment = new ArmEnvironment(world.Addresses.Arm, "https://management.azure.com"),
            Transport = new HttpClientTransport(new HttpClient(world.Handler, disposeHandler: false)),
        };
        return new ArmClient(new FixedToken(), World.Subscription, options);
    }

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
