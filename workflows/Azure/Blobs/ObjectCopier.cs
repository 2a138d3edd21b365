using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Azure.Blobs;

internal enum CopyOutcome
{
    Copied,

    /// <summary>Source or target is no longer what the listing showed; the target is as it was.</summary>
    Overtaken,

    /// <summary>Out of time within a large object; what has been written is found there by the next try.</summary>
    Unfinished,
}

/// <param name="ETag">The copy's, where <see cref="CopyOutcome.Copied"/>.</param>
/// <param name="Sha256">Of the content, hex; null for objects that did not pass through this process whole.</param>
internal readonly record struct CopyResult(CopyOutcome Outcome, ETag ETag = default, string? Sha256 = null)
{
    public static CopyResult Copied(ETag etag, string? sha256 = null) => new(CopyOutcome.Copied, ListedObject.Quoted(etag), sha256);

    public static CopyResult Unfinished { get; } = new(CopyOutcome.Unfinished);
}

/// <summary>
/// Copies single objects of every kind. The source is read only as the listing showed it, the target written only where it still is what the caller
/// expects. What passes through this process does so in pieces of <see cref="PieceBytes"/>, as many at a time as the gate lets through.
/// </summary>
internal sealed class ObjectCopier
{
    /// <summary>How many pieces at a time, where the store bears it.</summary>
    public const int Parallelism = 16;
    public const int PieceBytes = PieceReader.PieceBytes;

    private readonly BlobContainerClient _from;
    private readonly BlobContainerClient _to;
    private readonly BlockBlobCopy _blocks;
    private readonly AppendBlobCopy _appends;
    private readonly PageBlobCopy _pages;
    private readonly CopyPace? _pace;

    /// <param name="gate">Shared by all that copy between the two accounts; one of its own without it.</param>
    /// <param name="moved">Told the bytes of each piece that has arrived.</param>
    /// <param name="server">Lets the stores copy by themselves where they can; without it everything passes through this process.</param>
    /// <param name="pace">Shared by all that may copy no faster together; without it as fast as goes.</param>
    public ObjectCopier(
        BlobContainerClient from, BlobContainerClient to, AdaptiveGate? gate = null, ServerSideCopy? server = null, Action<long>? moved = null, CopyPace? pace = null)
    {
        (_from, _to, _pace) = (from, to, pace);
        var reader = new PieceReader(from, gate ?? new AdaptiveGate(Parallelism, TimeProvider.System), moved, pace);
        _blocks = new BlockBlobCopy(reader, to, server);
        _appends = new AppendBlobCopy(reader, to);
        _pages = new PageBlobCopy(reader, from, to);
    }

    /// <summary>Waits until one more object may be copied or deleted; false where time ran out before.</summary>
    public ValueTask<bool> MayBeginAsync(Func<bool> outOfTime, CancellationToken cancellationToken) =>
        _pace is null ? ValueTask.FromResult(true) : _pace.TakeAsync(objects: 1, bytes: 0, outOfTime, cancellationToken);

    /// <param name="source">The object as its listing showed it.</param>
    /// <param name="targetName">Its name in the target container.</param>
    /// <param name="target">The version that the target must have under that name; null where there must be none.</param>
    /// <param name="outOfTime">Asked before each piece of a large object.</param>
    /// <exception cref="PermanentFailureException">MIG0100 to MIG0107: what a store refused for good.</exception>
    public async Task<CopyResult> CopyAsync(
        ListedObject source, string targetName, ETag? target, Func<bool> outOfTime, CancellationToken cancellationToken)
    {
        var conditions = target is { } etag ? new BlobRequestConditions { IfMatch = etag } : new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            return source.Kind switch
            {
                BlobType.Append => await _appends.CopyAsync(source, targetName, conditions, outOfTime, cancellationToken),
                BlobType.Page => await _pages.CopyAsync(source, targetName, conditions, outOfTime, cancellationToken),
                _ => await _blocks.CopyAsync(source, targetName, conditions, outOfTime, cancellationToken),
            };
        }
        catch (RequestFailedException error) when (BlobErrors.IsOvertaken(error))
        {
            return new CopyResult(CopyOutcome.Overtaken);
        }
        catch (RequestFailedException error) when (BlobErrors.IsPermanent(error))
        {
            throw BlobErrors.Permanent(error, $"{_from.Uri} or {_to.Uri}, object '{source.Name}'");
        }
    }
}
