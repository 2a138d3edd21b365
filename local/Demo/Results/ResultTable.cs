using Spectre.Console;

namespace Orchestrator.Local.Demo.Results;

internal static class ResultTable
{
    public static void Show(Result result, IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
        table.AddRow("the run", Colour(result.Status, result.Reasons.Count == 0));
        table.AddRow("served version", result.ServedVersion ?? "none");
        table.AddRow("requests", $"{result.Requests}, {result.RequestsPerSecond}/s, at least {result.LowestRequestsPerSecond}/s over any 5 s");
        table.AddRow("failed requests", Zero(result.FailedRequests));
        table.AddRow("orders acknowledged", $"{result.Writes}");
        table.AddRow("orders lost", Zero(result.LostWrites));
        table.AddRow("write pause", result.WritePauseMs is { } pause ? $"{pause} ms, {result.RepeatedWrites} writes came again" : "none");
        if (result.RollbackWritePauseMs is { } back)
        {
            table.AddRow("write pause going back", $"{back} ms");
        }

        table.AddRow("longest write", $"{result.LongestWriteMs} ms");
        table.AddRow("media served", $"{result.Objects}");
        table.AddRow("media that differ", Zero(result.Mismatches));
        table.AddRow("swaps", $"{result.Swaps}");
        table.AddRow("left behind", result.LeftBehind.Count == 0 ? "nothing" : Markup.Escape(string.Join(", ", result.LeftBehind)));
        table.AddRow("duration", $"{result.DurationMs / 1000.0:0.0} s");
        if (result.Failure is { } failure)
        {
            table.AddRow("failure", Markup.Escape(failure));
        }

        if (result.Report is { } report)
        {
            table.AddRow("report", Markup.Escape(report));
        }

        console.Write(table);
        foreach (var reason in result.Reasons)
        {
            console.MarkupLine($"[red]{Markup.Escape(reason)}[/]");
        }
    }

    private static string Zero(int count) => Colour($"{count}", count == 0);

    private static string Colour(string text, bool good) => good ? $"[green]{text}[/]" : $"[red]{text}[/]";
}
