using System.Text;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>The last name that a blob of the state container tells of, in its metadata, which take ASCII only: whoever lists sees what need not be read.</summary>
internal static class NameInMetadata
{
    private const string Key = "last";

    public static Dictionary<string, string> Of(string name) => new() { [Key] = $"n{Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}" };

    /// <summary>Null where there is none.</summary>
    public static string? Read(IDictionary<string, string> metadata) =>
        metadata.TryGetValue(Key, out var kept) ? Encoding.UTF8.GetString(Convert.FromBase64String(kept[1..])) : null;
}
