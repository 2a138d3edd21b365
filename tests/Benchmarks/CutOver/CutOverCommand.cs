using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Benchmarks.CutOver;

/// <summary>The command that migrates a shop with customers in it, again and again.</summary>
internal static class CutOverCommand
{
    private static readonly JsonSerializerOptions Compact = Options(indented: false);
    private static readonly JsonSerializerOptions Readable = Options(indented: true);

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Makes the last line of standard output one JSON object." };
        var quick = new Option<bool>("--quick") { Description = "Two migrations and one naive: to see that it runs, not to be quoted." };
        var runs = new Option<int?>("--runs") { Description = "How many migrations; 20, or 2 where it is quick." };
        var naive = new Option<int?>("--naive-runs") { Description = "How often it is done by copying, then swapping; 3, or 1 where it is quick." };
        var keep = new Option<bool>("--keep-logs") { Description = "Leaves the logs and the state of the processes where they are." };
        var command = new Command("cutover", "Migrations under load, beside copy-then-swap under the same load.") { json, quick, runs, naive, keep };
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = result.GetValue(quick) ? CutOverOptions.Quick : CutOverOptions.Full;
            options = options with
            {
                Runs = result.GetValue(runs) ?? options.Runs,
                NaiveRuns = result.GetValue(naive) ?? options.NaiveRuns,
                KeepLogs = result.GetValue(keep),
            };
            var figures = await CutOverBenchmark.RunAsync(options, cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(figures, result.GetValue(json) ? Compact : Readable));
            return figures.Succeeded == figures.Runs ? 0 : 1;
        });
        return command;
    }

    private static JsonSerializerOptions Options(bool indented) =>
        new(JsonSerializerDefaults.Web) { WriteIndented = indented, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
