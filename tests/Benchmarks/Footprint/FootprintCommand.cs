using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Benchmarks.Footprint;

/// <summary>The command that counts what a migration costs.</summary>
internal static class FootprintCommand
{
    private static readonly JsonSerializerOptions Compact = Options(indented: false);
    private static readonly JsonSerializerOptions Readable = Options(indented: true);

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Makes the last line of standard output one JSON object." };
        var quick = new Option<bool>("--quick") { Description = "A tenth of the objects and short waits: to see that it runs, not to be quoted." };
        var keep = new Option<bool>("--keep-logs") { Description = "Leaves the logs and the state of the processes where they are." };
        var command = new Command("footprint", "What one migration costs in actions, calls, bytes and log lines, for two sizes of data.") { json, quick, keep };
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = (result.GetValue(quick) ? FootprintOptions.Quick : FootprintOptions.Full) with { KeepLogs = result.GetValue(keep) };
            var figures = await FootprintBenchmark.RunAsync(options, cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(figures, result.GetValue(json) ? Compact : Readable));
            return figures.Runs.All(run => run is { Status: "succeeded", HistoriesBegunAnew: 0 }) ? 0 : 1;
        });
        return command;
    }

    private static JsonSerializerOptions Options(bool indented) =>
        new(JsonSerializerDefaults.Web) { WriteIndented = indented, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
