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
    private readonly PassRules _rules;
    private readonly Dictionary<string, List<Note>> _notes = new(StringComparer.Ordinal), _others = new(StringComparer.Ordinal);
    private readonly List<string> _own = [];
    private readonly List<(string Name, DateTimeOffset At)> _found = [];

    private CopyJournal(SyncManifest manifest, PassRules rules) => (_manifest, _rules) = (manifest, rules);

    private string Folder => $"{_manifest.Folder}journal/";

    /// <summary>Opens the journal with the notes that tries before this one left: what they say of the side that they wrote to counts for passes that write there.</summary>
    public static async Task<CopyJournal> OpenAsync(SyncManifest manifest, PassRules rules, CancellationToken cancellationToken)
    {
        var journal = new CopyJournal(manifest, rules);
        var there = new List<(string Name, DateTimeOffset At)>();
        await foreach (var item in manifest.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, journal.Folder, cancellationToken))
            there.Add((item.Name, item.Properties.LastModified ?? default));
        var read = await Task.WhenAll(there.Select(found => ReadAsync(manifest.Container.GetBlobClient(found.Name), cancellationToken)));
        foreach (var (found, notes) in there.Zip(read))
        {
            // All notes of one blob are of one direction.
            if (notes is [{ Back: var back }, ..] && back != rules.Reverse)
            {
                Remember(journal._others, notes);
                continue;
            }

            journal._found.Add(found);
            Remember(journal._notes, notes);
        }

        return journal;
    }

    /// <summary>Notes what is about to be written, before it is.</summary>
    /// <param name="now">By the store's clock.</param>
    public async Task NoteAsync(IEnumerable<ListedObject> copies, IEnumerable<string> deletions, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Note> notes = [.. copies.Select(copy => new Note(copy.Name, copy.Size, copy.Md5, now, _rules.Reverse)), .. deletions.Select(name => new Note(name, Gone, Md5: null, now, _rules.Reverse))];
        if (notes.Count == 0) return;
        var content = JsonSerializer.SerializeToUtf8Bytes(notes, SyncManifest.Json);
        // Named after what it says: two tries that want the same share a note.
        var name = $"{Folder}{Convert.ToHexStringLower(SHA256.HashData(content))}.json";
        await _manifest.Container.GetBlobClient(name).UploadAsync(new BinaryData(content), overwrite: true, cancellationToken);
        _own.Add(name);
        Remember(_notes, notes);
    }

    /// <summary>Whether an object that no manifest knows was written by a try of ours.</summary>
    public bool Explains(ListedObject written) => Explains(_notes, written);

    /// <summary>Whether what is, or is not, on the side that is read was done there by a try of the other direction.</summary>
    /// <param name="there">Null where there is nothing.</param>
    public bool ExplainsOther(string name, ListedObject? there) => there is null ? ExplainsAbsence(_others, name) : Explains(_others, there);

    /// <summary>What earlier tries noted after a name, in ordinal order: there may be copies that no manifest knows, of objects that are gone by now.</summary>
    public IReadOnlyList<string> NamesAfter(string? name) =>
        [.. _notes.Keys.Where(noted => name is null || string.CompareOrdinal(noted, name) > 0).Order(StringComparer.Ordinal)];

    /// <summary>Whether an object that the manifest knows may have been deleted by a try of ours.</summary>
    public bool ExplainsAbsence(string name) => ExplainsAbsence(_notes, name);

    /// <summary>What this batch noted stays noted: its answer does not count.</summary>
    public void KeepOwn() => _own.Clear();

    /// <summary>What this batch noted is needed no more.</summary>
    public Task ForgetOwnAsync(CancellationToken cancellationToken) => RemoveAsync(_own, cancellationToken);

    /// <summary>A pass over the whole range has ended and left nothing: it has dealt with what tries of its direction left behind before it began.</summary>
    /// <param name="began">By the store's clock; null where this batch was the whole pass, and so what it found was there before.</param>
    public Task ForgetDealtWithAsync(DateTimeOffset? began, CancellationToken cancellationToken) =>
        RemoveAsync([.. _own, .. _found.Where(found => began is null || found.At + Doubt < began).Select(found => found.Name)], cancellationToken);

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

    // Where customers write to the other side too, equal size alone explains nothing.
    private bool Explains(Dictionary<string, List<Note>> from, ListedObject written) =>
        from.TryGetValue(written.Name, out var notes) && notes.Exists(note =>
            note.Size == written.Size
            && (note.Md5 is null || written.Md5 is null ? !_rules.Shared : note.Md5 == written.Md5)
            && written.LastModified >= note.At - Doubt
            && written.LastModified <= note.At + LongestTry);

    private static bool ExplainsAbsence(Dictionary<string, List<Note>> from, string name) => from.TryGetValue(name, out var notes) && notes.Exists(note => note.Size == Gone);

    private static void Remember(Dictionary<string, List<Note>> into, IEnumerable<Note> notes)
    {
        foreach (var note in notes)
        {
            if (!into.TryGetValue(note.Name, out var known)) into[note.Name] = known = [];
            known.Add(note);
        }
    }

    /// <param name="Back">Written at the source.</param>
    private sealed record Note(string Name, long Size, string? Md5, DateTimeOffset At, bool Back = false);
}
