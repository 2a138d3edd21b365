using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// In the write pause: copies the rest of all data sets at once and tells what still differs. Nothing remaining means that every target holds what its
/// source holds, and that the source, looked at once more after that, was still the same: the pause holds.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused; MIG0112: a target is live; MIG0114: a target is not this run's.</exception>
public sealed class FinalDelta(DataKinds kinds, TimeProvider time, ILogger<FinalDelta> logger)
{
    private const int MaxNames = 100;

    [Function(nameof(FinalDelta))]
    public async Task<FinalDeltaResult> RunAsync([ActivityTrigger] FinalDeltaInput input, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(input.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        var parts = await Task.WhenAll(input.Data.Select(data => FinishAsync(data, input, either.Token, cancellationToken)));
        var result = new FinalDeltaResult(
            parts.Sum(part => part.Copied),
            parts.Sum(part => part.Deleted),
            parts.Sum(part => part.Bytes),
            parts.Sum(part => part.Objects),
            parts.Sum(part => part.Remaining),
            [.. parts.SelectMany(part => part.Mismatches).Take(MaxNames)],
            (long)time.GetElapsedTime(started).TotalMilliseconds);
        logger.FinalDeltaDone(input.RunId, result.Copied, result.Deleted, result.Remaining, result.ElapsedMs);
        return result;
    }

    private async Task<FinalDeltaResult> FinishAsync(
        DataSet data, FinalDeltaInput input, CancellationToken limited, CancellationToken cancellationToken)
    {
        try
        {
            return await kinds.Sync(data).FinishAsync(data, input, limited);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FinalDeltaResult.OutOfTime(data);
        }
    }
}
