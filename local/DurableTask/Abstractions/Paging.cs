using System.Runtime.CompilerServices;

namespace Microsoft.DurableTask;

/// <param name="continuationToken">Null on the last page.</param>
public sealed class Page<T>(IReadOnlyList<T> values, string? continuationToken = null)
    where T : notnull
{
    public IReadOnlyList<T> Values { get; } = values ?? throw new ArgumentNullException(nameof(values));

    public string? ContinuationToken { get; } = continuationToken;
}

/// <summary>A sequence that is fetched page by page as it is read.</summary>
public abstract class AsyncPageable<T> : IAsyncEnumerable<T>
    where T : notnull
{
    public abstract IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null);

    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in AsPages().WithCancellation(cancellationToken))
        {
            foreach (var value in page.Values)
                yield return value;
        }
    }
}

public static class Pageable
{
    /// <param name="pageFunc">Takes the continuation token of the page before, null for the first.</param>
    public static AsyncPageable<T> Create<T>(Func<string?, CancellationToken, Task<Page<T>>> pageFunc)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(pageFunc);
        return Create<T>((token, _, cancellation) => pageFunc(token, cancellation));
    }

    /// <param name="pageFunc">Takes the continuation token of the page before, null for the first, and the wanted size.</param>
    public static AsyncPageable<T> Create<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> pageFunc)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(pageFunc);
        return new FunctionPageable<T>(pageFunc);
    }

    private sealed class FunctionPageable<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> fetch) : AsyncPageable<T>
        where T : notnull
    {
        public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
            ReadAsync(continuationToken, pageSizeHint);

        private async IAsyncEnumerable<Page<T>> ReadAsync(string? token, int? size, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            do
            {
                var page = await fetch(token, size, cancellation);
                yield return page;
                token = page.ContinuationToken;
            }
            while (token is not null);
        }
    }
}
