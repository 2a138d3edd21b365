using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class StoreProxyImmutabilityTests(Azurite azurite)
{
    [Fact]
    public async Task Without_the_ability_Azurites_answer_passes()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ProxyContainers.CreateAsync(azurite, proxy);
        await through.PutAsync("one", "1");

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => through.GetBlobClient("one").SetImmutabilityPolicyAsync(Policy()));

        Assert.Equal(501, error.Status);
    }

    [Fact]
    public async Task Until_its_date_a_blob_is_neither_changed_nor_deleted()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ProxyContainers.CreateAsync(azurite, proxy);
        proxy.Abilities.Immutability = true;
        await through.PutAsync("one", "1");
        await through.PutAsync("other", "2");
        var blob = through.GetBlobClient("one");

        var policy = await blob.SetImmutabilityPolicyAsync(Policy());

        Assert.Equal(BlobImmutabilityPolicyMode.Unlocked, policy.Value.PolicyMode);
        await RefusedAsync(() => through.PutAsync("one", "3"));
        await RefusedAsync(() => through.PutInBlocksAsync("one", [1]));
        await RefusedAsync(() => blob.SetMetadataAsync(new Dictionary<string, string> { ["a"] = "b" }));
        await RefusedAsync(() => blob.SetHttpHeadersAsync(new BlobHttpHeaders()));
        await RefusedAsync(() => blob.SyncCopyFromUriAsync(through.GetBlobClient("other").Uri));
        await RefusedAsync(() => blob.StartCopyFromUriAsync(through.GetBlobClient("other").Uri));
        await RefusedAsync(() => blob.DeleteAsync());
        await RefusedAsync(() => through.DeleteAsync());
        Assert.Equal("1", await through.GetAsync("one"));
        var properties = (await blob.GetPropertiesAsync()).Value.ImmutabilityPolicy;
        Assert.Equal((policy.Value.ExpiresOn, BlobImmutabilityPolicyMode.Unlocked), (properties.ExpiresOn, properties.PolicyMode));
        Assert.Equal(policy.Value.ExpiresOn, (await blob.DownloadContentAsync()).Value.Details.ImmutabilityPolicy.ExpiresOn);
        await through.GetBlobClient("other").DeleteAsync();
    }

    [Fact]
    public async Task A_policy_comes_with_the_content_too()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ProxyContainers.CreateAsync(azurite, proxy);
        proxy.Abilities.Immutability = true;
        var block = through.GetBlockBlobClient("block");

        await through.GetBlobClient("put").UploadAsync(BinaryData.FromString("1"), new BlobUploadOptions { ImmutabilityPolicy = Policy() });
        await block.StageBlockAsync("AAAA", new MemoryStream([1]));
        await block.CommitBlockListAsync(["AAAA"], new CommitBlockListOptions { ImmutabilityPolicy = Policy() });

        await RefusedAsync(() => through.GetBlobClient("put").DeleteAsync());
        await RefusedAsync(() => block.DeleteAsync());
    }

    [Fact]
    public async Task A_policy_expires_and_can_be_taken_away_unless_it_is_locked()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ProxyContainers.CreateAsync(azurite, proxy);
        proxy.Abilities.Immutability = true;
        foreach (var name in (string[])["expired", "freed", "locked"]) await through.PutAsync(name, "1");
        var (freed, locked) = (through.GetBlobClient("freed"), through.GetBlobClient("locked"));

        await through.GetBlobClient("expired").SetImmutabilityPolicyAsync(Policy(days: -1));
        await through.GetBlobClient("expired").DeleteAsync();
        await freed.SetImmutabilityPolicyAsync(Policy());
        await freed.DeleteImmutabilityPolicyAsync();
        await freed.DeleteAsync();
        await locked.SetImmutabilityPolicyAsync(Policy(mode: BlobImmutabilityPolicyMode.Locked));

        await RefusedAsync(() => locked.DeleteImmutabilityPolicyAsync());
        await RefusedAsync(() => locked.SetImmutabilityPolicyAsync(Policy(days: 9)));
        await RefusedAsync(() => locked.SetImmutabilityPolicyAsync(Policy(mode: BlobImmutabilityPolicyMode.Locked, days: 1)));
        await locked.SetImmutabilityPolicyAsync(Policy(mode: BlobImmutabilityPolicyMode.Locked, days: 9));
        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => through.GetBlobClient("nothing").SetImmutabilityPolicyAsync(Policy()));
        Assert.Equal((404, "BlobNotFound"), (missing.Status, missing.ErrorCode));
    }

    private static BlobImmutabilityPolicy Policy(int days = 2, BlobImmutabilityPolicyMode mode = BlobImmutabilityPolicyMode.Unlocked) =>
        new() { ExpiresOn = DateTimeOffset.UtcNow.AddDays(days), PolicyMode = mode };

    private static async Task RefusedAsync(Func<Task> work)
    {
        var error = await Assert.ThrowsAsync<RequestFailedException>(work);
        Assert.Equal((409, "BlobImmutableDueToPolicy"), (error.Status, error.ErrorCode));
    }
}
