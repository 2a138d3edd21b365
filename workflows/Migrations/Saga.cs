using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The list of what has to be undone. Each undo is put on it before its step takes effect: a lost reply may hide a done step.</summary>
public sealed class Saga(TaskOrchestrationContext context)
{
    private readonly Stack<(string Activity, object Input)> undos = new();

    /// <param name="activity">The undo: harmless when its step never took effect, and when it runs twice.</param>
    public void OnFailure(string activity, object input) => undos.Push((activity, input));

    /// <summary>From here there is nothing to go back to: past the point of no return, or all steps are to be kept.</summary>
    public void Forget() => undos.Clear();

    /// <summary>Runs every undo, newest first, also when one fails. Returns what could not be undone; empty when everything was.</summary>
    public async Task<IReadOnlyList<LeftBehind>> CompensateAsync()
    {
        var left = new List<LeftBehind>();
        while (undos.TryPop(out var undo))
        {
            try
            {
                await context.CallActivityAsync(undo.Activity, undo.Input, Retry.Patient);
            }
            catch (TaskFailedException failure)
            {
                var (code, detail) = FailureCode.Explain(failure);
                left.Add(new LeftBehind(undo.Activity, code, detail));
            }
        }
        return left;
    }

    /// <summary>Runs every undo. Where all succeed the caller throws its cause on; else this throws the cause with what remains.</summary>
    /// <exception cref="PermanentFailureException">The cause's code, and what could not be undone.</exception>
    public async Task RestoreAsync(Exception cause)
    {
        var left = await CompensateAsync();
        if (left.Count == 0) return;
        var (code, detail) = FailureCode.Explain(cause);
        throw new PermanentFailureException(code, $"{detail} Not restored: {string.Join("; ", left.Select(l => $"{l.Undo} ({l.Code}: {l.Detail})"))}");
    }
}

/// <summary>An undo that did not succeed, and why.</summary>
public sealed record LeftBehind(string Undo, string Code, string Detail)
{
    // A custom status has 16 KB at most, as UTF-16.
    private const int Most = 10;
    private const int LongestDetail = 200;

    /// <summary>The first ten, with the beginnings of their details; null where there are none.</summary>
    public static IReadOnlyList<LeftBehind>? InShort(IReadOnlyList<LeftBehind> all) => all.Count == 0
        ? null
        : [.. all.Take(Most).Select(undo => undo.Detail.Length <= LongestDetail ? undo : undo with { Detail = $"{undo.Detail[..(LongestDetail - 1)]}…" })];
}
