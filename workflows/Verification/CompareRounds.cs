using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Verification;

/// <summary>The rounds of one <see cref="CompareDataOrchestrator"/>: deterministic, decides only.</summary>
internal sealed class CompareRounds(TaskOrchestrationContext context, CompareDataInput input)
{
    private const int MaxRounds = 3;
    private const int MaxDifferences = 100;

    /// <summary>Activity calls in one history; replay is quadratic in it.</summary>
    private const int MaxCalls = 200;

    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(CompareDataOrchestrator));
    private readonly DataSetComparison[] _progress = input.Progress ?? [.. input.Data.Select(data => new DataSetComparison(data.Name))];
    private int _calls;
    private bool _failed;

    public bool AreDone => _progress.All(data => data.Stage == CompareStage.Done);

    public CompareDataInput Remainder => input with { Progress = _progress };

    public CompareDataResult Result => new(_progress);

    /// <summary>Goes on with one data set until it is compared, the history is full or another has failed.</summary>
    public async Task RunAsync(int index)
    {
        try
        {
            while (_progress[index].Stage != CompareStage.Done && _calls < MaxCalls && !_failed)
            {
                _calls++;
                var (data, before) = (input.Data[index], _progress[index]);
                _progress[index] = before.Stage switch
                {
                    CompareStage.CatchUp => await CatchUpAsync(data, before),
                    CompareStage.Compare => await CompareAsync(data, before),
                    _ => await DeepCheckAsync(data, before),
                };
            }
        }
        catch (Exception)
        {
            _failed = true;
            throw;
        }
    }

    private async Task<DataSetComparison> CatchUpAsync(DataSet data, DataSetComparison before)
    {
        var batch = await context.CallActivityAsync<CopyChangesResult>(
            nameof(CopyChanges), new CopyChangesInput(input.RunId, data, context.CurrentUtcDateTime, before.CatchUp), Retry.Standard);
        var examined = before.Examined + batch.Examined;
        // Each round counts anew.
        return batch.FinishedPass
            ? new DataSetComparison(data.Name, Round: before.Round, Stage: CompareStage.Compare, Examined: examined)
            : before with { CatchUp = batch.Cursor, Examined = examined };
    }

    private async Task<DataSetComparison> CompareAsync(DataSet data, DataSetComparison before)
    {
        int? alsoRead = input.DeepSample > 0 ? OneIn(before.Examined) : null;
        var batch = await context.CallActivityAsync<CompareDataBatchResult>(
            nameof(CompareData), new CompareDataBatch(input.RunId, data, context.CurrentUtcDateTime, before.At, AlsoReadOneIn: alsoRead), Retry.Standard);
        var after = before with
        {
            Compared = before.Compared + batch.Compared,
            Missing = before.Missing + batch.Missing,
            Extra = before.Extra + batch.Extra,
            Different = before.Different + batch.Different,
            Lagging = before.Lagging + batch.Lagging,
            BytesRead = before.BytesRead + batch.BytesRead,
            DeepChecked = before.DeepChecked + batch.DeepChecked,
            Differences = First(before.Differences, batch.Differences),
            At = batch.Cursor,
        };
        if (batch.Cursor is not null) return after;

        _logger.RoundCompared(input.RunId, data.Name, after.Round, after.Compared, after.Mismatches, after.Lagging);
        return after.Mismatches > 0 && after.Round < MaxRounds
            ? after with { Round = after.Round + 1, Stage = CompareStage.CatchUp, CatchUp = null, Examined = 0 }
            : after with { Stage = input.DeepSample > 0 && after.Compared > 0 && after.DeepChecked == 0 ? CompareStage.DeepCheck : CompareStage.Done };
    }

    private async Task<DataSetComparison> DeepCheckAsync(DataSet data, DataSetComparison before)
    {
        var batch = await context.CallActivityAsync<CompareDataBatchResult>(
            nameof(CompareData), new CompareDataBatch(input.RunId, data, context.CurrentUtcDateTime, before.At, OneIn(before.Compared)), Retry.Standard);
        return before with
        {
            DeepChecked = before.DeepChecked + batch.Compared,
            Different = before.Different + batch.Different,
            BytesRead = before.BytesRead + batch.BytesRead,
            Differences = First(before.Differences, batch.Differences),
            At = batch.Cursor,
            Stage = batch.Cursor is null ? CompareStage.Done : CompareStage.DeepCheck,
        };
    }

    private int OneIn(long objects) => (int)Math.Clamp(objects / input.DeepSample, 1, int.MaxValue);

    private static ObjectDifference[] First(ObjectDifference[]? some, ObjectDifference[] more) => [.. (some ?? []).Concat(more).Take(MaxDifferences)];
}
