using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Reads a finished snapshot's manifest segment by segment, each hashed before a line of it is read: nothing of a tampered one is acted upon. A manifest of
/// format 1 is one segment.
/// </summary>
internal sealed class ManifestReader
{
    private readonly SnapshotStore _store;
    private readonly long[] _offsets;

    private ManifestReader(SnapshotStore store, SnapshotHeader header)
    {
        (_store, Header, Segments) = (store, header, header.Segments ?? [new SnapshotSegment("", Length: 0, header.Objects, header.Bytes, header.ManifestSha256)]);
        _offsets = new long[Segments.Count];
        for (var i = 1; i < _offsets.Length; i++) _offsets[i] = _offsets[i - 1] + Segments[i - 1].Length;
    }

    public SnapshotHeader Header { get; }

    public IReadOnlyList<SnapshotSegment> Segments { get; }

    /// <param name="sha256">The manifest's as whoever asks knows it; null where nobody does.</param>
    /// <exception cref="PermanentFailureException">MIG0121: the header is not the one that was sealed; MIG0123: there is none; MIG0125: it is of a later version.</exception>
    public static async Task<ManifestReader> OpenAsync(SnapshotStore store, string runId, string? sha256, CancellationToken cancellationToken)
    {
        var name = new SnapshotLayout(runId).Header;
        var header = await store.ReadAsync<SnapshotHeader>(name, cancellationToken)
            ?? throw new PermanentFailureException(SnapshotCodes.NoSnapshot, $"{store.Container.Uri}/{name} is missing");
        if (header.Format is < 1 or > SnapshotHeader.Current)
            throw new PermanentFailureException(SnapshotCodes.UnknownFormat, $"{store.Container.Uri}/{name} is of format {header.Format}");
        if (sha256 is not null && header.ManifestSha256 != sha256 || header.Segments is { } segments && RootOf(segments) != header.ManifestSha256)
            throw new PermanentFailureException(SnapshotCodes.Tampered, $"{store.Container.Uri}/{name} is not the header that was sealed");
        return new ManifestReader(store, header);
    }

    public static string RootOf(IEnumerable<SnapshotSegment> segments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in segments) hash.AppendData(Encoding.ASCII.GetBytes($"{segment.Sha256}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <exception cref="PermanentFailureException">MIG0121: the segment is not the one that was sealed.</exception>
    public async Task CheckAsync(int segment, CancellationToken cancellationToken)
    {
        if (Header.Segments is null)
        {
            var blob = _store.Container.GetBlobClient(Header.Manifest);
            await using var whole = await blob.ExistsAsync(cancellationToken) ? await blob.OpenReadAsync(cancellationToken: cancellationToken) : Stream.Null;
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(whole, cancellationToken)) != Header.ManifestSha256) throw Tampered();
            return;
        }

        await BytesAsync(segment, cancellationToken);
    }

    public async IAsyncEnumerable<SnapshotEntry> ReadAsync(int segment, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream content;
        if (Header.Segments is not null) content = new MemoryStream(await BytesAsync(segment, cancellationToken), writable: false);
        else
        {
            await CheckAsync(segment, cancellationToken);
            content = await _store.Container.GetBlobClient(Header.Manifest).OpenReadAsync(cancellationToken: cancellationToken);
        }

        await using (content)
        {
            await foreach (var entry in ManifestLines.ReadAsync(content, cancellationToken)) yield return entry;
        }
    }

    private async Task<byte[]> BytesAsync(int segment, CancellationToken cancellationToken)
    {
        var (offset, length) = (_offsets[segment], Segments[segment].Length);
        // What an empty container left has no range to ask for.
        var bytes = length == 0 ? [] : await _store.ReadBytesAsync(Header.Manifest, new HttpRange(offset, length), cancellationToken);
        return bytes is not null && Convert.ToHexStringLower(SHA256.HashData(bytes)) == Segments[segment].Sha256 ? bytes : throw Tampered();
    }

    private PermanentFailureException Tampered() =>
        new(SnapshotCodes.Tampered, $"{_store.Container.Uri}/{Header.Manifest} is not the manifest that was sealed");
}
