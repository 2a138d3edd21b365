using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orchestrator.Local.Demo.Migration;

/// <summary>Shows a run's steps: a table that is kept up to date on a terminal, a line for each change in a log.</summary>
internal sealed class StepBoard(Screen screen)
{
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    public async Task<Run> ShowAsync(Func<Action<Run>, Task<Run>> follow) =>
        screen.Console.Profile.Capabilities.Interactive
            ? await screen.Console.Live(Text.Empty).StartAsync(live => follow(run =>
            {
                live.UpdateTarget(Table(run));
                live.Refresh();
            }))
            : await follow(Lines);

    private void Lines(Run run)
    {
        foreach (var step in run.Steps.Where(step => step.Status != "pending" && _shown.GetValueOrDefault(step.Name) != step.Status))
        {
            _shown[step.Name] = step.Status;
            screen.Say($"{step.Name}: {step.Status}");
        }

        if (_shown.GetValueOrDefault("") != run.Status)
        {
            _shown[""] = run.Status;
            screen.Say($"the run is {run.Status}");
        }
    }

    private static IRenderable Table(Run run)
    {
        var table = new Table().Title(run.Status).AddColumns("Step", "Status", "Time", "Progress").RoundedBorder();
        foreach (var step in run.Steps)
        {
            var time = step is { StartedAt: { } start, EndedAt: { } end } ? $"{(end - start).TotalSeconds:0.0} s" : "";
            var progress = step.Progress is { Total: > 0 } and { } part ? $"{part.Done} of {part.Total}" : "";
            table.AddRow(step.Name, $"[{Colour(step.Status)}]{step.Status}[/]", time, progress);
        }

        return table;
    }

    private static string Colour(string status) => status switch
    {
        "succeeded" => "green",
        "running" => "yellow",
        "failed" => "red",
        "undone" => "orange3",
        _ => "grey",
    };
}
