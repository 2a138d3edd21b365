using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Verification;

/// <summary>The rounds of one <see cref="CompareDataOrchestrator"/>: deterministic, decides only.</summary>
internal sealed class CompareRounds(TaskOrchestrationContext context, CompareDataInput input)
{
    private const int MaxRounds = 3;
    private const int MaxDifferences = 10;

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

    // What stood in the round before is put right by a pass that trusts nothing it did earlier.
    private async Task<DataSetComparison> CatchUpAsync(DataSet data, DataSetComparison before)
    {
        var order = new CopyChangesInput(
            input.RunId, data, context.CurrentUtcDateTime, before.CatchUp, Full: before.Round > 1, Base: Base(data, before, isCatchUp: true, before.Examined, bytes: 0));
        var batch = await context.CallActivityAsync<CopyChangesResult>(nameof(CopyChanges), order, Retry.Standard);
        var examined = before.Examined + batch.Examined;
        return batch.FinishedPass ? Anew(before) with { Examined = examined } : before with { CatchUp = batch.Cursor, Examined = examined };
    }

    private async Task<DataSetComparison> CompareAsync(DataSet data, DataSetComparison before)
    {
        int? alsoRead = before.ReadsAll ? 1 : input.DeepSample > 0 ? OneIn(before.Examined) : null;
        var batch = await CallAsync(data, before, deepOneIn: null, alsoRead);
        var after = Count(before, batch) with
        {
            Compared = before.Compared + batch.Compared,
            Missing = before.Missing + batch.Missing,
            Extra = before.Extra + batch.Extra,
            Lagging = before.Lagging + batch.Lagging,
            Bytes = before.Bytes + batch.Bytes,
            DeepChecked = before.DeepChecked + batch.DeepChecked,
        };
        if (batch.Belied > 0 && !before.ReadsAll) return ReadAll(data, after);
        return batch.Cursor is null ? EndRound(data, after) : after;
    }

    private async Task<DataSetComparison> DeepCheckAsync(DataSet data, DataSetComparison before)
    {
        var batch = await CallAsync(data, before, OneIn(before.Compared), alsoReadOneIn: null);
        var after = Count(before, batch) with { DeepChecked = before.DeepChecked + batch.Compared };
        if (batch.Belied > 0) return ReadAll(data, after);
        return batch.Cursor is null ? after with { Stage = CompareStage.Done } : after;
    }

    private DataSetComparison EndRound(DataSet data, DataSetComparison round)
    {
        _logger.RoundCompared(input.RunId, data.Name, round.Round, round.Compared, round.Mismatches, round.Lagging);
        var after = round with { Repaired = round.Repaired + Math.Max(0, round.Standing - round.Mismatches) };
        if (after.Mismatches > 0 && after.Round < MaxRounds)
            return after with { Round = after.Round + 1, Stage = CompareStage.CatchUp, CatchUp = null, Examined = 0, Standing = after.Mismatches };

        var wantsSample = input.DeepSample > 0 && after.Compared > 0 && after.DeepChecked == 0 && !after.ReadsAll;
        return after with { Stage = wantsSample ? CompareStage.DeepCheck : CompareStage.Done };
    }

    /// <summary>The round from its beginning: a stored MD5 has lied, so none of this data set says anything any more.</summary>
    private DataSetComparison ReadAll(DataSet data, DataSetComparison round)
    {
        _logger.Md5NotTrusted(input.RunId, data.Name, round.Round);
        return Anew(round) with { ReadsAll = true, Parts = [.. (round.Parts ?? []).Where(part => !part.StartsWith(DifferenceParts.RoundPrefix(round.Round), StringComparison.Ordinal))] };
    }

    /// <summary>Each comparison counts anew; what it was before stays known.</summary>
    private static DataSetComparison Anew(DataSetComparison before) => new(
        before.Name, Round: before.Round, Stage: CompareStage.Compare, Examined: before.Examined, Parts: before.Parts, Batches: before.Batches,
        Repaired: before.Repaired, Standing: before.Standing, ReadsAll: before.ReadsAll);

    private Task<CompareDataBatchResult> CallAsync(DataSet data, DataSetComparison before, int? deepOneIn, int? alsoReadOneIn)
    {
        var batch = new CompareDataBatch(
            input.RunId, data, context.CurrentUtcDateTime, before.At, deepOneIn, alsoReadOneIn, input.Verification, before.Round, before.Batches,
            deepOneIn is null ? Base(data, before, isCatchUp: false, before.Compared, before.Bytes) : null);
        return context.CallActivityAsync<CompareDataBatchResult>(nameof(CompareData), batch, Retry.Standard);
    }

    private static DataSetComparison Count(DataSetComparison before, CompareDataBatchResult batch) => before with
    {
        Different = before.Different + batch.Different,
        BytesRead = before.BytesRead + batch.BytesRead,
        Differences = [.. (before.Differences ?? []).Concat(batch.Differences).Take(MaxDifferences)],
        Parts = batch.Part is null ? before.Parts : [.. before.Parts ?? [], batch.Part],
        Batches = before.Batches + 1,
        At = batch.Cursor,
    };

    // A round is shown twice from its beginning to its end: while it catches up, and while it compares.
    private BatchBase? Base(DataSet data, DataSetComparison before, bool isCatchUp, long done, long bytes) => input.TotalObjects == 0
        ? null
        : new BatchBase(
            StepNames.Verify, data.Name, Phase: 4 * before.Round + (isCatchUp ? 0 : before.ReadsAll ? 2 : 1), done, bytes, input.TotalObjects, input.TotalBytes,
            Attempt: input.Verification);

    private int OneIn(long objects) => (int)Math.Clamp(objects / input.DeepSample, 1, int.MaxValue);
}
