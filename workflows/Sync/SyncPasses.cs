using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <summary>The passes of one <see cref="SyncOrchestrator"/>: deterministic, decides only.</summary>
internal sealed class SyncPasses(TaskOrchestrationContext context, SyncInput input)
{
    /// <summary>A pass after this many that is still behind will not catch up.</summary>
    private const int MaxPasses = 20;

    /// <summary>Activity calls in one history; replay is quadratic in it.</summary>
    private const int MaxCalls = 200;

    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(SyncOrchestrator));
    private readonly DataSetProgress[] _progress = input.Progress ?? [.. input.Data.Select(data => new DataSetProgress(data.Name))];
    private readonly DateTime _startedAt = input.StartedAt ?? context.CurrentUtcDateTime;
    private int _calls;
    private bool _failed;

    public bool AreDone => _progress.All(data => data.Done);

    public SyncInput Remainder => input with { Progress = _progress, StartedAt = _startedAt };

    public SyncResult Result =>
        new([.. _progress.Select(data => new DataSetSync(data.Name, data.Objects, data.Bytes, data.Deleted, data.Pass, data.Lag))]);

    /// <summary>Goes on with one data set until it is in step, the history is full or another has failed.</summary>
    public async Task RunAsync(int index)
    {
        try
        {
            while (!_progress[index].Done && _calls < MaxCalls && !_failed)
            {
                _calls++;
                await CopyAsync(index);
                context.SetCustomStatus(Progress());
            }
        }
        catch (Exception)
        {
            _failed = true;
            throw;
        }
    }

    private async Task CopyAsync(int index)
    {
        var (data, before) = (input.Data[index], _progress[index]);
        var batch = await context.CallActivityAsync<CopyChangesResult>(
            nameof(CopyChanges), new CopyChangesInput(input.RunId, data, context.CurrentUtcDateTime, before.Cursor, before.Pass), Retry.Standard);

        var after = before with
        {
            Cursor = batch.Cursor,
            PassMoved = before.PassMoved + batch.Copied + batch.Deleted,
            Examined = before.Examined + (before.Pass == 1 ? batch.Examined : 0),
            Objects = before.Objects + batch.Copied,
            Bytes = before.Bytes + batch.Bytes,
            Deleted = before.Deleted + batch.Deleted,
            Lag = batch.Lag ?? before.Lag,
        };
        _progress[index] = batch.FinishedPass ? Finish(data, after) : after;
    }

    private DataSetProgress Finish(DataSet data, DataSetProgress pass)
    {
        _logger.PassFinished(input.RunId, data.Name, pass.Pass, pass.PassMoved, pass.Lag);
        if (pass.PassMoved <= FewObjects && pass.Lag <= data.MaxLag) return pass with { Done = true };

        return pass.Pass < MaxPasses
            ? pass with { Pass = pass.Pass + 1, PassMoved = 0 }
            : throw new PermanentFailureException(
                SyncCodes.NotConverging,
                $"data '{data.Name}' changes faster than it can be copied: pass {pass.Pass} moved {pass.PassMoved} objects and ended {pass.Lag} behind");
    }

    /// <summary>What a pass may have moved and still count as only keeping up.</summary>
    private long FewObjects => Math.Max(100, input.TotalObjects / 100);

    private StepProgress Progress()
    {
        if (_progress.All(data => data.Pass > 1 || data.Done))
            return new StepProgress(input.TotalObjects, input.TotalObjects, input.TotalBytes, input.TotalBytes, EtaSeconds: 0);

        var done = Math.Min(input.TotalObjects, _progress.Sum(data => data.Examined));
        var bytes = Math.Min(input.TotalBytes, _progress.Sum(data => data.Bytes));
        var elapsed = context.CurrentUtcDateTime - _startedAt;
        int? eta = done > 0 ? (int)Math.Min(int.MaxValue, elapsed.TotalSeconds / done * (input.TotalObjects - done)) : null;
        return new StepProgress(done, input.TotalObjects, bytes, input.TotalBytes, eta);
    }
}
