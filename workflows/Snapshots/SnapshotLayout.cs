using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Where a run's snapshot has what, within the installation's snapshot container. The objects lie elsewhere: see <see cref="ObjectPlace"/>.</summary>
internal sealed record SnapshotLayout(string RunId)
{
    public string Begun => $"{RunId}/begun.json";

    public string Header => $"{RunId}/snapshot.json";

    public string Manifest => $"{RunId}/manifest.ndjson.gz";

    public string Part(string data, int part) => $"{RunId}/parts/{data}/{part:D6}.part.json";

    /// <summary>Named after its hash: two tries of a part that saw different things do not meet, and the part names the one that counts.</summary>
    public string PartContent(string data, int part, string sha256) => $"{RunId}/parts/{data}/{part:D6}-{sha256[..16]}.ndjson.gz";

    public string SealedParts(int step) => $"{RunId}/seal/{step:D6}.json";

    /// <summary>Where a test restore puts an entry: names of different data sets must not meet.</summary>
    public static string ScratchKey(SnapshotEntry entry) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{entry.Data}\n{entry.Name}")));
}
