using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class BlobStoresTests(Azurite azurite)
{
    [Fact]
    public async Task A_wrong_key_is_a_permanent_failure_with_its_code()
    {
        var wrong = new BlobStoreOptions
        {
            BlobAccounts = [new BlobAccount { Endpoint = $"{azurite.Address}/shopstore", Key = Convert.ToBase64String("not the key"u8) }],
        };
        var stores = new BlobStores(Options.Create(wrong), new NoIdentity());

        Assert.Equal(BlobCodes.Refused, await CodeAsync(stores.Container(azurite.ContainerUrl("shopstore", "media"))));
    }

    [Fact]
    public async Task A_missing_container_is_a_permanent_failure_with_its_code() =>
        Assert.Equal(BlobCodes.NoContainer, await CodeAsync(azurite.NewContainer()));

    [Fact]
    public async Task An_account_that_no_key_is_configured_for_is_reached_as_the_installations_identity()
    {
        var container = azurite.Stores.Container("https://127.0.0.1:1/elsewhere/media");

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => container.ExistsAsync());

        Assert.Contains("no identity here", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_whose_name_begins_with_another_ones_has_its_own_key()
    {
        var stores = azurite.Stores;

        Assert.Equal("shopstore", stores.Container(azurite.ContainerUrl("shopstore", "media")).AccountName);
        Assert.Equal("shopstore2", stores.Container(azurite.ContainerUrl("shopstore2", "media")).AccountName);
        Assert.Equal(azurite.ContainerUrl("shopstore2", "scratch"), stores.Beside(azurite.ContainerUrl("shopstore2", "media"), "scratch").Uri.ToString());
    }

    [Theory, InlineData("media"), InlineData("https://shop.blob.core.windows.net/media?sig=secret")]
    public void A_url_that_is_not_absolute_or_carries_a_secret_is_refused(string url)
    {
        var failure = Assert.Throws<PermanentFailureException>(() => azurite.Stores.Container(url));

        Assert.Equal(BlobCodes.BadUrl, failure.Code);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> CodeAsync(BlobContainerClient from)
    {
        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => ListingDigest.OfAsync(from, null, null, null, default));
        return failure.Code;
    }
}
