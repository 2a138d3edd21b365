using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrator.Workflows.Verification;

/// <summary>
/// Brings the targets up to date and compares all data sets, side by side, while production goes on: a mismatch must still stand after another delta
/// pass, three rounds in all. What is equal by its MD5 is then read on both sides for a sample. A difference is a result, not an exception.
/// </summary>
public static class CompareDataOrchestrator
{
    [Function(nameof(CompareDataOrchestrator))]
    public static async Task<CompareDataResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, CompareDataInput input)
    {
        var rounds = new CompareRounds(context, input);
        await Task.WhenAll(input.Data.Select((_, index) => rounds.RunAsync(index)));

        if (!rounds.AreDone) context.ContinueAsNew(rounds.Remainder);
        return rounds.Result;
    }
}
