using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// What batches are about to write, noted before they do. The notes tell which versions at the other side are our own though the manifest does not know
/// them: of tries that died, of passes that were given up, of batches that ran late. What a try noted whose answer the manifest keeps is forgotten with the
/// end of its pass, so that nobody who writes the same again is taken for it. All else stays for as long as a write of it may still reach the store: a copy
/// that nothing explains would bring back what was deleted.
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
    private readonly List<(string Name, DateTimeOffset At)> _found = [];
    private readonly List<string> _own = [];

    private CopyJournal(SyncManifest manifest, PassRules rules) => (_manifest, _rules) = (manifest, rules);

    /// <summary>The name of this try of a batch.</summary>
    public string Try { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    private string Folder => $"{_manifest.Folder}journal/";

    private string Direction => $"{Folder}{(_rules.Reverse ? "back" : "there")}/";

    /// <summary>Opens the journal with the notes that tries before this one left: what they say of the side that they wrote to counts for passes that write there.</summary>
    /// <param name="after">Notes of this name, and of names before it, are not read: a long pass has many.</param>
    public static async Task<CopyJournal> OpenAsync(SyncManifest manifest, PassRules rules, string? after, CancellationToken cancellationToken)
    {
        var journal = new CopyJournal(manifest, rules);
        var wanted = new List<string>();
        await foreach (var item in manifest.Container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, journal.Folder, cancellationToken))
        {
            if (journal.IsOfDirection(item.Name)) journal._found.Add((item.Name, item.Properties.LastModified ?? default));
            if (NameInMetadata.Read(item.Metadata) is not { } last || string.CompareOrdinal(last, after) > 0) wanted.Add(item.Name);
        }

        var read = await Task.WhenAll(wanted.Select(name => ReadAsync(manifest.Container.GetBlobClient(name), cancellationToken)));
        foreach (var (name, notes) in wanted.Zip(read)) Remember(journal.IsOfDirection(name) ? journal._notes : journal._others, notes);
        return journal;
    }

    /// <summary>Notes what is about to be written, before it is.</summary>
    /// <param name="writes">At least one; null for what is to be deleted.</param>
    /// <param name="now">By the store's clock.</param>
    public async Task NoteAsync(IReadOnlyList<(string Name, ListedObject? Content)> writes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var notes = writes.Select(write => new Note(write.Name, write.Content?.Size ?? Gone, write.Content?.Md5, now, write.Content?.Description)).ToList();
        var name = $"{Direction}{Try}-{_own.Count:D4}.json";
        var last = notes.Select(note => note.Name).Max(StringComparer.Ordinal)!;
        await _manifest.Container.GetBlobClient(name).UploadAsync(
            BinaryData.FromObjectAsJson(notes, SyncManifest.Json), new BlobUploadOptions { Metadata = NameInMetadata.Of(last) }, cancellationToken);
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

    /// <summary>A pass has ended.</summary>
    /// <param name="tries">Those whose answers the manifest keeps, and whose every write was answered.</param>
    /// <param name="dealtWith">
    /// By the store's clock, when the pass began; it has dealt with what can have been written before, whoever noted it. Null where it left something undone.
    /// </param>
    public Task ForgetAsync(IReadOnlySet<string> tries, DateTimeOffset? dealtWith, CancellationToken cancellationToken)
    {
        var settled = _found.Where(found => tries.Contains(TryOf(found.Name)) || found.At + LongestTry < dealtWith).Select(found => found.Name);
        return RemoveAsync(tries.Contains(Try) ? settled.Concat(_own) : settled, cancellationToken);
    }

    private async Task RemoveAsync(IEnumerable<string> names, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
            async (name, token) => await _manifest.Container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: token));

    private bool IsOfDirection(string name) => name.StartsWith(Direction, StringComparison.Ordinal);

    private string TryOf(string name) => name[Direction.Length..name.LastIndexOf('-')];

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
            && note.Description == written.Description
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

    private sealed record Note(string Name, long Size, string? Md5, DateTimeOffset At, string? Description = null);
}
