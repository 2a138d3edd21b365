using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Everything that a container holds, read object by object and apart from the code under test.</summary>
internal static class ContainerContent
{
    public static async Task<SortedDictionary<string, string>> ReadAsync(BlobContainerClient container)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var item in container.GetBlobsAsync())
        {
            var read = (await container.GetBlobClient(item.Name).DownloadContentAsync()).Value;
            var (details, hash) = (read.Details, Convert.ToHexString(SHA256.HashData(read.Content)));
            var metadata = string.Join(',', details.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
            content[item.Name] = string.Join(
                '|', hash, read.Content.ToMemory().Length, details.ContentType, details.ContentEncoding, details.ContentLanguage,
                details.ContentDisposition, details.CacheControl, metadata);
        }

        return content;
    }

    public static Task PutAsync(this BlobContainerClient container, string name, string content) => container.PutAsync(name, System.Text.Encoding.UTF8.GetBytes(content));

    public static async Task PutAsync(
        this BlobContainerClient container, string name, byte[] content, BlobHttpHeaders? headers = null, IDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream(content);
        await container.GetBlobClient(name).UploadAsync(stream, new BlobUploadOptions { HttpHeaders = headers, Metadata = metadata });
    }

    /// <summary>An object without MD5, as one written in blocks is.</summary>
    public static async Task PutInBlocksAsync(this BlobContainerClient container, string name, byte[] content)
    {
        var blob = container.GetBlockBlobClient(name);
        var id = Convert.ToBase64String("block-0"u8);
        using var stream = new MemoryStream(content);
        await blob.StageBlockAsync(id, stream);
        await blob.CommitBlockListAsync([id]);
    }

    public static async Task<string> GetAsync(this BlobContainerClient container, string name) =>
        (await container.GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString();

    public static async Task<List<string>> NamesAsync(this BlobContainerClient container, string? prefix = null)
    {
        var names = new List<string>();
        await foreach (var item in container.GetBlobsAsync(prefix: prefix)) names.Add(item.Name);
        return names;
    }
}
