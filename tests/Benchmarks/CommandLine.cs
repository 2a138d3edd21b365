using System.CommandLine;
using System.Text.Json;
using Orchestrator.Benchmarks.CutOver;
using Orchestrator.Benchmarks.Data;
using Orchestrator.Benchmarks.Engine;
using Orchestrator.Benchmarks.Footprint;

namespace Orchestrator.Benchmarks;

internal static class CommandLine
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web);
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static RootCommand Root() => new("Measures what the documentation claims.") { Engine(), Waiting(), DataCommands.Sync(), DataCommands.Verify(), DataCommands.Snapshot(), DataCommands.Memory(), CutOverCommand.Create(), FootprintCommand.Create() };

    private static Command Engine()
    {
        var json = new Option<bool>("--json") { Description = "Makes the last line of standard output one JSON object." };
        var rounds = new Option<int>("--rounds") { Description = "How often each figure is taken, after a warm-up; the median counts.", DefaultValueFactory = _ => 3 };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "Where the store is; a temporary folder without it." };
        var only = new Option<string[]>("--only") { Description = "Takes these figures alone, by their names in the JSON object.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("engine", "The local durable engine on a store on disk.") { json, rounds, folder, only };
        command.SetAction(async (result, _) =>
        {
            var figures = await EngineBenchmark.RunAsync(result.GetValue(rounds), result.GetValue(folder), result.GetValue(only) ?? []);
            Console.WriteLine(JsonSerializer.Serialize(figures, result.GetValue(json) ? Compact : Readable));
        });
        return command;
    }

    /// <summary>A process of its own for the figures that are of a whole process.</summary>
    private static Command Waiting()
    {
        var file = new Argument<FileInfo>("state-file");
        var fill = new Option<int>("--fill") { Description = "Starts so many instances that wait for an event; without it, goes on with those that are there." };
        var command = new Command("waiting", "Instances that wait, in a process that is killed afterwards.") { file, fill };
        command.Hidden = true;
        command.SetAction((result, _) => WaitingInstances.RunAsync(result.GetValue(file)!.FullName, result.GetValue(fill)));
        return command;
    }
}
