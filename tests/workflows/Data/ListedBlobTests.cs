using System.Security.Cryptography;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What local/azurite/quick-lists.cjs writes, against what Azurite itself says of each blob.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ListedBlobTests(Azurite azurite)
{
    [Fact]
    public async Task A_list_says_of_each_blob_what_its_properties_say()
    {
        var container = await azurite.CreateContainerAsync();
        foreach (var name in new[] { "plain", "a & b <c>.txt", "ünïcode/文件", "quote\"'s", "tail " })
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(name), new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders
                {
                    ContentType = "text/html; charset=\"utf-8\"", CacheControl = "no-cache", ContentLanguage = "de", ContentEncoding = "identity",
                    ContentDisposition = "attachment; filename=\"a&b.txt\"", ContentHash = MD5.HashData(BinaryData.FromString(name)),
                },
                Metadata = new Dictionary<string, string> { ["owner"] = "a & b <c>", ["Case"] = "kept" },
            });
        await container.GetBlobClient("bare").UploadAsync(BinaryData.FromString(""));

        var listed = new List<BlobItem>();
        await foreach (var item in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix: null, CancellationToken.None)) listed.Add(item);

        Assert.Equal(6, listed.Count);
        foreach (var item in listed)
        {
            var told = (await container.GetBlobClient(item.Name).GetPropertiesAsync()).Value;
            Assert.Equal(
                ($"{told.ETag}".Trim('"'), told.LastModified, told.CreatedOn, told.ContentLength, told.ContentType, told.CacheControl),
                ($"{item.Properties.ETag}".Trim('"'), item.Properties.LastModified!.Value, item.Properties.CreatedOn!.Value, item.Properties.ContentLength!.Value, item.Properties.ContentType, item.Properties.CacheControl));
            Assert.Equal(
                (told.ContentLanguage, told.ContentEncoding, told.ContentDisposition, told.BlobType, told.LeaseState, told.AccessTier),
                (item.Properties.ContentLanguage, item.Properties.ContentEncoding, item.Properties.ContentDisposition, item.Properties.BlobType!.Value, item.Properties.LeaseState!.Value, $"{item.Properties.AccessTier}"));
            Assert.Equal(told.ContentHash, item.Properties.ContentHash);
            Assert.Equal(told.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal), (item.Metadata ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_list_with_tags_has_them()
    {
        var container = await azurite.CreateContainerAsync();
        var tags = new Dictionary<string, string> { ["stage"] = "a+b", ["team"] = "shop" };
        await container.GetBlobClient("tagged").UploadAsync(BinaryData.FromString("x"), new BlobUploadOptions { Tags = tags });
        await container.GetBlobClient("untagged").UploadAsync(BinaryData.FromString("y"));

        var listed = new List<BlobItem>();
        await foreach (var item in container.GetBlobsAsync(BlobTraits.Tags, BlobStates.None, prefix: null, CancellationToken.None)) listed.Add(item);

        Assert.Equal(["tagged", "untagged"], listed.Select(item => item.Name));
        Assert.Equal(tags, listed[0].Tags);
    }
}
