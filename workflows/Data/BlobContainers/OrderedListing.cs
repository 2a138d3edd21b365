using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Looks names up in a container, each after the one before, by reading its listing once from front to back.</summary>
internal sealed class OrderedListing(BlobContainerClient container, string prefix, string? pageToken, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int PageSize = 1_000;

    private IAsyncEnumerator<Positioned>? _listing;
    private bool _more;

    /// <summary>Where a later listing takes up to find what follows the last name.</summary>
    public string? PageToken { get; private set; } = pageToken;

    public async Task<ListedObject?> FindAsync(string name)
    {
        if (_listing is null)
        {
            _listing = NameOrder.SortAsync(ReadAsync()).GetAsyncEnumerator(cancellationToken);
            await AdvanceAsync();
        }

        while (_more && string.CompareOrdinal(_listing.Current.Object.Name, name) < 0) await AdvanceAsync();
        return _more && string.Equals(_listing.Current.Object.Name, name, StringComparison.Ordinal) ? _listing.Current.Object : null;
    }

    public ValueTask DisposeAsync() => _listing?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AdvanceAsync()
    {
        _more = await _listing!.MoveNextAsync();
        if (_more) PageToken = _listing.Current.PageToken;
    }

    private async IAsyncEnumerable<Positioned> ReadAsync()
    {
        var token = PageToken;
        await foreach (var page in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, cancellationToken).AsPages(token, PageSize))
        {
            foreach (var item in page.Values) yield return new Positioned(ListedObject.From(item, withTags: false), token);
            token = page.ContinuationToken;
        }
    }
}
