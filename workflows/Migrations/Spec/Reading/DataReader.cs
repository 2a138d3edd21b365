using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

internal static partial class DataReader
{
    public static DataSpec Read(ObjectReader data)
    {
        data.Requires("name", "source", "target");
        return new DataSpec
        {
            Kind = data.OneOf("kind", DataSpec.BlobContainer) ?? DataSpec.BlobContainer,
            Name = data.Matching("name", Name(), "1 to 63 letters, digits, dots, hyphens and underscores are wanted.") ?? "",
            Source = SpecUrl.Container(data, "source") ?? "",
            Target = SpecUrl.Container(data, "target") ?? "",
            Setting = data.Matching("setting", Setting(), "The name of an app setting is wanted."),
            MaxLag = data.Duration("maxLag", TimeSpan.FromDays(1)) ?? TimeSpan.FromSeconds(10),
            Reverse = data.Flag("reverse", otherwise: true),
        };
    }

    public static SnapshotSpec ReadSnapshot(ObjectReader snapshot) => new()
    {
        Container = SpecUrl.Container(snapshot, "container"),
        RetainDays = snapshot.Whole("retainDays", otherwise: 30, min: 1, max: 3650),
        TestRestore = snapshot.Flag("testRestore", otherwise: true),
    };

    /// <summary>Finds names, settings and places that stand in each other's way.</summary>
    public static void CheckPlaces(ObjectReader root, MigrationSpec spec)
    {
        var data = spec.Data;
        // With an entry that is no object, the rest would be counted wrongly. A name or place that was refused already reads as empty.
        if (root.Any("data") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() != data.Count)
            return;
        for (var index = 0; index < data.Count; index++)
        {
            var before = data.Take(index).ToList();
            if (data[index].Name.Length > 0 && before.Any(other => string.Equals(other.Name, data[index].Name, StringComparison.OrdinalIgnoreCase)))
                At(index, "name", SpecCodes.SaidTwice, "Another entry has this name.");
            if (data[index].Setting is { } setting)
                CheckSetting(index, setting, before);
            if (Place(data[index].Target) is { } target)
                CheckTarget(index, target, before);
        }

        if (Place(spec.Snapshot.Container) is { } snapshots && data.Any(entry => Place(entry.Source) == snapshots || Place(entry.Target) == snapshots))
            root.FaultAt("/snapshot/container", SpecCodes.SourceIsTarget, "Snapshots cannot go where the data itself is.");

        void CheckSetting(int index, string setting, List<DataSpec> before)
        {
            if (before.Any(other => string.Equals(other.Setting, setting, StringComparison.OrdinalIgnoreCase)))
                At(index, "setting", SpecCodes.SaidTwice, "Another entry has this setting.");
            if (spec.Release.AppSettings.Keys.Concat(spec.Release.RemoveAppSettings).Contains(setting, StringComparer.OrdinalIgnoreCase))
                At(index, "setting", SpecCodes.SaidTwice, "The release sets or removes this setting too.");
        }

        void CheckTarget(int index, string target, List<DataSpec> before)
        {
            if (data.Any(other => Place(other.Source) == target))
                At(index, "target", SpecCodes.SourceIsTarget, "The target is a source as well.");
            if (before.Any(other => Place(other.Target) == target))
                At(index, "target", SpecCodes.SaidTwice, "Another entry has this target.");
        }

        void At(int index, string member, string code, string detail) => root.FaultAt($"/data/{index}/{member}", code, detail);
    }

    private static string? Place(string? url) => string.IsNullOrEmpty(url) ? null : SpecUrl.Place(url);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[^\s=\p{Cc}]{1,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
