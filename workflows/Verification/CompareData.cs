using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Verification;

/// <summary>
/// Compares a bounded batch of source and target object by object and writes every difference into a document of the run; the answer has the first ten.
/// Changes nothing else.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused.</exception>
public sealed class CompareData(DataKinds kinds, DifferenceParts parts, ProgressReporter reporter)
{
    private const int FewNames = 10;

    [Function(nameof(CompareData))]
    public async Task<CompareDataBatchResult> RunAsync([ActivityTrigger] CompareDataBatch input, CancellationToken cancellationToken)
    {
        await using var progress = reporter.Start(input.RunId, input.Base);
        var found = await kinds.Comparison(input.Data).CompareAsync(input, progress, cancellationToken);
        var differences = found.Differences.OrderBy(difference => difference.Name, StringComparer.Ordinal).ToList();
        return found.Result with
        {
            Differences = [.. differences.Take(FewNames)],
            Part = await parts.WriteAsync(input, differences, cancellationToken),
        };
    }
}
