using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.Options;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// Opens containers and blobs by their URL: with the shared key of the configured account that the URL lies in, else as the installation's identity.
/// </summary>
public sealed class BlobStores
{
    private const string StorageScope = "https://storage.azure.com/.default";
    private readonly TokenCredential _identity;
    private readonly TimeProvider _time;
    private readonly Account[] _accounts;

    public BlobStores(IOptions<BlobStoreOptions> options, TokenCredential identity, TimeProvider? time = null)
    {
        _identity = identity;
        _time = time ?? TimeProvider.System;
        // The longest endpoint wins, so that http://host/a does not take what belongs to http://host/a/b.
        _accounts = [.. options.Value.BlobAccounts.Select(Account.From).OrderByDescending(account => account.Endpoint.Length)];
    }

    public BlobContainerClient Container(string containerUrl) => Container(containerUrl, gate: null);

    /// <param name="gate">Told of each answer that says the store is too busy.</param>
    /// <param name="unanswered">Told of each write without an answer.</param>
    internal BlobContainerClient Container(string containerUrl, AdaptiveGate? gate, UnansweredWrites? unanswered = null)
    {
        var uri = Absolute(containerUrl);
        return Find(uri) is { } account
            ? new BlobContainerClient(uri, account.Credential, BlobClientSettings.Create(gate, unanswered))
            : new BlobContainerClient(uri, _identity, BlobClientSettings.Create(gate, unanswered));
    }

    /// <summary>How another store may read a container's objects for the next quarter of an hour: by a signature for reading, or as this identity.</summary>
    internal async ValueTask<CopySource> SourceAsync(string containerUrl, CancellationToken cancellationToken)
    {
        var container = Container(containerUrl);
        if (Find(container.Uri) is not null)
        {
            var signed = container.GenerateSasUri(BlobContainerSasPermissions.Read, _time.GetUtcNow() + CopySource.Lifetime);
            return new CopySource(container, signed.Query, Authorization: null);
        }

        var token = await _identity.GetTokenAsync(new TokenRequestContext([StorageScope]), cancellationToken);
        return new CopySource(container, Signature: "", new HttpAuthorization("Bearer", token.Token));
    }

    public BlobClient Blob(string url)
    {
        var uri = Absolute(url);
        return Find(uri) is { } account
            ? new BlobClient(uri, account.Credential, BlobClientSettings.Create())
            : new BlobClient(uri, _identity, BlobClientSettings.Create());
    }

    /// <summary>A container of another name in the account of <paramref name="containerUrl"/>.</summary>
    public BlobContainerClient Beside(string containerUrl, string name)
    {
        var url = Absolute(containerUrl).GetLeftPart(UriPartial.Path).TrimEnd('/');
        return Container($"{url[..url.LastIndexOf('/')]}/{name}");
    }

    private Account? Find(Uri uri)
    {
        var url = uri.GetLeftPart(UriPartial.Path);
        return Array.Find(_accounts, account => url.StartsWith(account.Endpoint, StringComparison.OrdinalIgnoreCase));
    }

    private static Uri Absolute(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Query.Length == 0
            ? uri
            : throw BlobErrors.Permanent(BlobCodes.BadUrl, "a container is named by an absolute URL without a query");

    private sealed record Account(string Endpoint, StorageSharedKeyCredential Credential)
    {
        public static Account From(BlobAccount account)
        {
            var uri = new Uri(account.Endpoint);
            // Path style (Azurite, private endpoints by address) has the name as first segment, host style as first label.
            var segment = uri.AbsolutePath.Trim('/');
            var name = segment.Length > 0 ? segment : uri.Host.Split('.')[0];
            return new Account(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/", new StorageSharedKeyCredential(name, account.Key));
        }
    }
}
