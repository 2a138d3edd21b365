using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// What batches are about to write, noted before they do. The notes tell which versions at the other side are our own though the manifest does not know
/// them: of tries that died, of passes that were given up, of batches that ran late.
/// </summary>
internal sealed class CopyJournal
{
    /// <summary>How long after its note a try can still have written; an activity ends within four minutes.</summary>
    private static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(5);

    /// <summary>The size of what is deleted.</summary>
    private const long Gone = -1;

    /// <summary>Times in listings are whole seconds, and clocks differ.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(2);

    private readonly SyncManifest _manifest;
    private readonly Dictionary<string, List<Note>> _notes = new(StringComparer.Ordinal);
    private readonly List<string> _own = [];
    private readonly List<(string Name, DateTimeOffset At)> _found = [];

    private CopyJournal(SyncManifest manifest) => _manifest = manifest;

    private string Folder => $"{_manifest.Folder}journal/";

    /// <summary>Opens the journal with the notes that tries before this one left.</summary>
    public static async Task<CopyJournal> OpenAsync(SyncManifest manifest, CancellationToken cancellationToken)
    {
        var journal = new CopyJournal(manifest);
        await foreach (var item in manifest.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, journal.Folder, cancellationToken))
            journal._found.Add((item.Name, item.Properties.LastModified ?? default));
        foreach (var notes in await Task.WhenAll(journal._found.Select(found => ReadAsync(manifest.Container.GetBlobClient(found.Name), cancellationToken))))
            journal.Remember(notes);
        return journal;
    }

    /// <summary>Notes what is about to be written, before it is.</summary>
    /// <param name="now">By the store's clock.</param>
    public async Task NoteAsync(IEnumerable<ListedObject> copies, IEnumerable<string> deletions, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Note> notes = [.. copies.Select(copy => new Note(copy.Name, copy.Size, copy.Md5, now)), .. deletions.Select(name => new Note(name, Gone, Md5: null, now))];
        if (notes.Count == 0) return;
        var content = JsonSerializer.SerializeToUtf8Bytes(notes, SyncManifest.Json);
        // Named after what it says: two tries that want the same share a note.
        var name = $"{Folder}{Convert.ToHexStringLower(SHA256.HashData(content))}.json";
        await _manifest.Container.GetBlobClient(name).UploadAsync(new BinaryData(content), overwrite: true, cancellationToken);
        _own.Add(name);
        Remember(notes);
    }

    /// <summary>Whether an object that no manifest knows was written by a try of ours.</summary>
    public bool Explains(ListedObject written) =>
        _notes.TryGetValue(written.Name, out var notes) && notes.Exists(note =>
            note.Size == written.Size
            && (note.Md5 is null || written.Md5 is null || note.Md5 == written.Md5)
            && written.LastModified >= note.At - Doubt
            && written.LastModified <= note.At + LongestTry);

    /// <summary>What earlier tries noted after a name, in ordinal order: there may be copies that no manifest knows, of objects that are gone by now.</summary>
    public IReadOnlyList<string> NamesAfter(string? name) =>
        [.. _notes.Keys.Where(noted => name is null || string.CompareOrdinal(noted, name) > 0).Order(StringComparer.Ordinal)];

    /// <summary>Whether an object that the manifest knows may have been deleted by a try of ours.</summary>
    public bool ExplainsAbsence(string name) => _notes.TryGetValue(name, out var notes) && notes.Exists(note => note.Size == Gone);

    /// <summary>What this batch noted is needed no more.</summary>
    public Task ForgetOwnAsync(CancellationToken cancellationToken) => RemoveAsync(_own, cancellationToken);

    /// <summary>A pass has ended that began after everything that the older notes tell of: it has dealt with it.</summary>
    /// <param name="began">By the store's clock.</param>
    public Task ForgetBeforeAsync(DateTimeOffset began, CancellationToken cancellationToken) =>
        RemoveAsync(_found.Where(found => found.At + LongestTry < began).Select(found => found.Name), cancellationToken);

    private Task RemoveAsync(IEnumerable<string> names, CancellationToken cancellationToken) =>
        Task.WhenAll(names.Select(name => _manifest.Container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken)));

    private static async Task<List<Note>> ReadAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToObjectFromJson<List<Note>>(SyncManifest.Json)!;
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            return [];
        }
    }

    private void Remember(IEnumerable<Note> notes)
    {
        foreach (var note in notes)
        {
            if (!_notes.TryGetValue(note.Name, out var known)) _notes[note.Name] = known = [];
            known.Add(note);
        }
    }

    private sealed record Note(string Name, long Size, string? Md5, DateTimeOffset At);
}
