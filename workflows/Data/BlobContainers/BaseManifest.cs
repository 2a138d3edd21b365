using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Looks names up in the manifest of the newest snapshot, each after the one before, a segment in memory at a time.</summary>
internal sealed class BaseManifest(ManifestReader? manifest, string data, int segment, ILogger logger, string runId, CancellationToken cancellationToken) : IAsyncDisposable
{
    private ManifestReader? _manifest = manifest;
    private IAsyncEnumerator<SnapshotEntry>? _entries;
    private int _segment = segment;
    private bool _more;

    public string? RunId => _manifest?.Header.RunId;

    /// <summary>Where a later search takes up to find what follows the last name.</summary>
    public int Segment => _segment;

    /// <summary>What the snapshot has of exactly this version of the object; null where it has another, or none.</summary>
    public async Task<SnapshotEntry?> FindAsync(ListedObject item)
    {
        try
        {
            while (_more && string.CompareOrdinal(_entries!.Current.Name, item.Name) < 0 || !_more && _manifest is not null) await AdvanceAsync();
        }
        catch (PermanentFailureException failure)
        {
            logger.BaseLeft(runId, data, RunId!, failure.Code);
            await DisposeAsync();
            (_manifest, _more) = (null, false);
        }

        return _more && _entries!.Current is { } entry && string.Equals(entry.Name, item.Name, StringComparison.Ordinal) && entry.Size == item.Size
            && entry.SourceETag == item.ETag.ToString() && entry.LastModified == item.LastModified ? entry : null;
    }

    public ValueTask DisposeAsync() => _entries?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AdvanceAsync()
    {
        if (_entries is not null)
        {
            _more = await _entries.MoveNextAsync();
            if (_more) return;
            await _entries.DisposeAsync();
            (_entries, _segment) = (null, _segment + 1);
        }

        while (_segment < _manifest!.Segments.Count && _manifest.Segments[_segment].Data != data) _segment++;
        if (_segment < _manifest.Segments.Count) _entries = _manifest.ReadAsync(_segment, cancellationToken).GetAsyncEnumerator(cancellationToken);
        else _manifest = null;
    }
}
