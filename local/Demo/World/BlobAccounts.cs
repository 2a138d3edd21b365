using Azure.Storage;
using Azure.Storage.Blobs;

namespace Orchestrator.Local.Demo.World;

/// <summary>The blob accounts as everybody in the demo addresses them: <c>http://host:port/account</c>.</summary>
internal sealed record BlobAccounts(Uri Endpoint, IReadOnlyDictionary<string, string> Keys)
{
    public Uri Url(string account) => new(Endpoint, $"/{account}");

    public Uri Url(string account, string container) => new(Endpoint, $"/{account}/{container}");

    public BlobContainerClient Container(string account, string container) => Container(Url(account, container));

    public BlobContainerClient Container(Uri url)
    {
        var account = url.Segments[1].Trim('/');
        return new BlobContainerClient(url, new StorageSharedKeyCredential(account, Keys[account]));
    }
}
