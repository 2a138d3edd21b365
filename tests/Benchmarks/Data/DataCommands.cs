using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Benchmarks.Data.Memory;

namespace Orchestrator.Benchmarks.Data;

/// <summary>The commands that measure how data sets are copied, compared and snapshotted.</summary>
internal static class DataCommands
{
    public const string MemoryName = "data-memory";

    private static readonly JsonSerializerOptions Compact = Options(indented: false);
    private static readonly JsonSerializerOptions Readable = Options(indented: true);

    public static Command Sync() => Create(
        "sync", "Copying, delta passes, verification and memory, beside a bare client on the same Azurite.", DataFigures.OfSync);

    public static Command Verify() => Create("verify", "Verification of unchanged objects alone, beside copying them.", DataFigures.OfVerify);

    public static Command Snapshot() => Create("snapshot", "Snapshots alone, beside a bare client that copies.", DataFigures.OfSnapshot);

    /// <summary>A process of its own, because the memory is that of a whole process.</summary>
    public static Command Memory()
    {
        var command = new Command(MemoryName, "Does what standard input describes and prints the process's peak.") { Hidden = true };
        command.SetAction((_, _) => PeakMemory.RunAsync());
        return command;
    }

    private static Command Create(string name, string description, IReadOnlyCollection<string> all)
    {
        var json = new Option<bool>("--json") { Description = "Makes the last line of standard output one JSON object." };
        var quick = new Option<bool>("--quick") { Description = "A fraction of the objects, once: to see that it runs, not to be quoted." };
        var rounds = new Option<int?>("--rounds") { Description = "How often each figure is taken; the median counts. 3, or 1 where it is quick." };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "Where Azurite keeps its data; a temporary folder without it." };
        var only = new Option<string[]>("--only") { Description = $"Takes these figures alone: {string.Join(", ", all)}.", AllowMultipleArgumentsPerToken = true };
        var command = new Command(name, description) { json, quick, rounds, folder, only };
        command.SetAction(async (result, _) =>
        {
            var wanted = result.GetValue(only) is { Length: > 0 } some ? some : [.. all];
            var sizes = result.GetValue(quick) ? DataSizes.Quick : DataSizes.Full;
            var figures = await DataBenchmark.RunAsync(sizes with { Rounds = result.GetValue(rounds) ?? sizes.Rounds }, result.GetValue(folder), wanted);
            Console.WriteLine(JsonSerializer.Serialize(figures, result.GetValue(json) ? Compact : Readable));
        });
        return command;
    }

    private static JsonSerializerOptions Options(bool indented) =>
        new(JsonSerializerDefaults.Web) { WriteIndented = indented, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
