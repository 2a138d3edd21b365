using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Where a run's snapshot has what, within the installation's snapshot container.</summary>
internal sealed record SnapshotLayout(string RunId)
{
    /// <summary>The longest name that a store takes.</summary>
    private const int MaxName = 1024;

    public string Header => $"{RunId}/snapshot.json";

    public string Manifest => $"{RunId}/manifest.ndjson.gz";

    public string Part(string data, int part) => $"{RunId}/parts/{data}/{part:D6}.json";

    /// <summary>The object's own name below the data set's; where the folder makes that too long, its hash.</summary>
    public string Key(string data, string name)
    {
        var key = $"{RunId}/data/{data}/{name}";
        return key.Length <= MaxName ? key : $"{RunId}/long/{data}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";
    }

    /// <summary>Where a test restore puts an entry: names of different data sets must not meet.</summary>
    public static string ScratchKey(SnapshotEntry entry) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{entry.Data}\n{entry.Name}")));
}
