using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>An object with the token of the page that it is reached from, so that a listing can be taken up again there.</summary>
internal readonly record struct Positioned(ListedObject Object, string? PageToken);

/// <summary>Streams the objects of a container in ordinal order of their names; the next page is on its way while one is read.</summary>
/// <param name="pageSize">Objects at a time.</param>
internal sealed class ContainerListing(BlobContainerClient container, int pageSize = ContainerListing.FrugalPage)
{
    /// <summary>
    /// A fifth of what a store gives at most: the client builds a tree of each page, several times as large as its text, and a pass has up to four pages in hand.
    /// </summary>
    public const int FrugalPage = 1_000;

    /// <summary>The most that a store gives: where every round trip counts.</summary>
    public const int LargestPage = 5_000;

    /// <summary>Until the store refuses to tell them: an identity may lack the right, an account the feature.</summary>
    private BlobTraits _traits = BlobTraits.Metadata | BlobTraits.Tags;

    /// <summary>The store's own clock at the first page; the instant that everything in the listing is at least as new as.</summary>
    public DateTimeOffset? ServerTime { get; private set; }

    /// <param name="pageToken">Where to take up, or null for the beginning.</param>
    /// <param name="after">Objects up to and including this name are passed over.</param>
    public async IAsyncEnumerable<Positioned> ReadAsync(
        string? pageToken, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in NameOrder.SortAsync(ReadPagesAsync(pageToken, cancellationToken)))
        {
            if (after is null || string.CompareOrdinal(item.Object.Name, after) > 0) yield return item;
        }
    }

    private async IAsyncEnumerable<Positioned> ReadPagesAsync(
        string? pageToken, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = ReadPageAsync(pageToken, cancellationToken);
        while (next is not null)
        {
            var (page, token) = (await next, pageToken);
            ServerTime ??= page.GetRawResponse().Headers.Date;
            pageToken = page.ContinuationToken;
            next = string.IsNullOrEmpty(pageToken) ? null : ReadPageAsync(pageToken, cancellationToken);
            foreach (var item in page.Values) yield return new Positioned(ListedObject.From(item, withTags: _traits.HasFlag(BlobTraits.Tags)), token);
        }
    }

    private Task<Page<BlobItem>> ReadPageAsync(string? pageToken, CancellationToken cancellationToken) =>
        BlobErrors.ExplainAsync(container.Uri.ToString(), async () =>
        {
            try
            {
                return await RequestAsync(pageToken, cancellationToken);
            }
            catch (RequestFailedException refused) when (refused.Status is 400 or 403 or 409 or 501 && _traits.HasFlag(BlobTraits.Tags))
            {
                // Whatever else it refuses, it refuses again without them.
                _traits = BlobTraits.Metadata;
                return await RequestAsync(pageToken, cancellationToken);
            }
        });

    private async Task<Page<BlobItem>> RequestAsync(string? pageToken, CancellationToken cancellationToken)
    {
        await using var pages = container.GetBlobsAsync(_traits, BlobStates.None, prefix: null, cancellationToken)
            .AsPages(pageToken, pageSize)
            .GetAsyncEnumerator(cancellationToken);
        return await pages.MoveNextAsync() ? pages.Current : throw new InvalidOperationException("a listing without a page");
    }
}
