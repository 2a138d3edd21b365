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

    /// <summary>Below so many objects one lane is as quick.</summary>
    private const long FewestPerRange = 20_000;

    private const int MaxRanges = 32;

    /// <summary>Lanes of one data set under way at a time: each holds a few pages of its listing in memory, and they may run on one worker.</summary>
    private const int LanesAtOnce = 4;

    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(SyncOrchestrator));
    private readonly DataSetProgress[] _progress = input.Progress ?? [.. input.Data.Select(data => new DataSetProgress(data.Name))];
    private readonly DateTime _startedAt = input.StartedAt ?? context.CurrentUtcDateTime;
    private int _calls;
    private bool _failed;

    public bool AreDone => _progress.All(data => data.Done);

    public SyncInput Remainder => input with { Progress = _progress, StartedAt = _startedAt };

    public SyncResult Result =>
        new([.. _progress.Select(data => new DataSetSync(data.Name, data.Objects, data.Bytes, data.Deleted, data.Pass, data.Lag, data.PutBack))]);

    /// <summary>Goes on with one data set until it is in step, the history is full or another has failed.</summary>
    public async Task RunAsync(int index)
    {
        try
        {
            if (_progress[index].Lanes is null) _progress[index] = _progress[index] with { Lanes = await DivideAsync(input.Data[index]) };
            while (!_progress[index].Done && _calls < MaxCalls && !_failed)
            {
                var waiting = new Queue<int>(Enumerable.Range(0, _progress[index].Lanes!.Length).Where(lane => !_progress[index].Lanes![lane].Done));
                await Task.WhenAll(Enumerable.Range(0, LanesAtOnce).Select(_ => RunLanesAsync(index, waiting)));
                if (_progress[index].Lanes!.All(lane => lane.Done)) _progress[index] = Finish(input.Data[index], _progress[index]);
                context.SetCustomStatus(Progress());
            }
        }
        catch (Exception)
        {
            _failed = true;
            throw;
        }
    }

    private async Task<LaneProgress[]> DivideAsync(DataSet data)
    {
        if (input.TotalObjects < 2 * FewestPerRange) return [new LaneProgress(0)];
        var division = new DivideDataResult(0, null);
        do
        {
            _calls++;
            division = await context.CallActivityAsync<DivideDataResult>(
                nameof(DivideData), new DivideDataInput(input.RunId, data, MaxRanges, FewestPerRange, division.Cursor), Retry.Standard);
        }
        while (division.Cursor is not null);
        return [.. Enumerable.Range(0, division.Ranges).Select(range => new LaneProgress(range))];
    }

    /// <summary>One lane after the other, each to the end of its range, until none waits.</summary>
    private async Task RunLanesAsync(int index, Queue<int> waiting)
    {
        while (waiting.TryDequeue(out var lane))
        {
            while (!_progress[index].Lanes![lane].Done && _calls < MaxCalls && !_failed)
            {
                _calls++;
                await CopyAsync(index, lane);
                context.SetCustomStatus(Progress());
            }
        }
    }

    private async Task CopyAsync(int index, int lane)
    {
        var (data, at) = (input.Data[index], _progress[index].Lanes![lane]);
        var batch = await context.CallActivityAsync<CopyChangesResult>(
            nameof(CopyChanges),
            new CopyChangesInput(input.RunId, data, context.CurrentUtcDateTime, at.Cursor, _progress[index].Pass, Range: at.Range),
            Retry.Standard);

        // Read after the wait: other lanes have told of theirs meanwhile.
        var before = _progress[index];
        _progress[index] = before with
        {
            Lanes = [.. before.Lanes!.Select((other, number) => number == lane ? at with { Cursor = batch.Cursor, Done = batch.FinishedPass, Lag = batch.Lag ?? at.Lag } : other)],
            PassMoved = before.PassMoved + batch.Copied + batch.Deleted,
            Examined = before.Examined + (before.Pass == 1 ? batch.Examined : 0),
            Objects = before.Objects + batch.Copied,
            Bytes = before.Bytes + batch.Bytes,
            Deleted = before.Deleted + batch.Deleted,
            Conflicts = before.Conflicts + batch.Conflicts,
            FirstConflict = before.FirstConflict ?? batch.ConflictNames?.FirstOrDefault(),
            PutBack = before.PutBack + batch.PutBack,
        };
    }

    private DataSetProgress Finish(DataSet data, DataSetProgress lanes)
    {
        var pass = lanes with { Lag = lanes.Lanes!.Max(lane => lane.Lag) };
        _logger.PassFinished(input.RunId, data.Name, pass.Pass, pass.PassMoved, pass.Lag);
        if (pass is { Conflicts: > 0, Pass: > 1 })
        {
            throw new PermanentFailureException(
                SyncCodes.Conflicts,
                $"{pass.Conflicts} objects of data '{data.Name}' were changed on both sides, the first: '{pass.FirstConflict}'; none of them was overwritten");
        }

        if (pass.PassMoved <= FewObjects && pass.Lag <= data.MaxLag) return pass with { Done = true };

        return pass.Pass < MaxPasses
            ? pass with { Pass = pass.Pass + 1, PassMoved = 0, Conflicts = 0, FirstConflict = null, Lanes = [.. pass.Lanes!.Select(lane => new LaneProgress(lane.Range))] }
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
