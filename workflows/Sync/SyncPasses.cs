using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <summary>The passes of one <see cref="SyncOrchestrator"/>: deterministic, decides only.</summary>
internal sealed class SyncPasses(TaskOrchestrationContext context, SyncInput input)
{
    /// <summary>Activity calls in one history; replay is quadratic in it.</summary>
    private const int MaxCalls = 200;

    /// <summary>Below so many objects one lane is as quick.</summary>
    private const long FewestPerRange = 20_000;

    private const int MaxRanges = 32;

    /// <summary>Lanes of one data set under way at a time: each holds a few pages of its listing in memory, and they may run on one worker.</summary>
    private const int LanesAtOnce = 2;

    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(SyncOrchestrator));
    private readonly DataSetProgress[] _progress = input.Progress ?? [.. input.Data.Select(data => new DataSetProgress(data.Name))];
    private readonly RateWindow _seen = new(), _moved = new();
    private int _calls;
    private bool _failed;

    public bool AreDone => _progress.All(data => data.Done);

    /// <summary>Set where a data set comes no closer to its source: that ends the sync until a person has decided.</summary>
    public SyncStall? Stalled { get; private set; }

    /// <summary>Somebody has paused the run: that ends the sync until it is resumed.</summary>
    public bool IsPaused { get; private set; }

    public bool IsStopped => IsPaused || Stalled is not null;

    public SyncInput Remainder => input with { Progress = _progress };

    public SyncResult Result => new(
        [.. _progress.Select(data => new DataSetSync(data.Name, data.Objects, data.Bytes, data.Deleted, data.Pass, data.Lag, data.PutBack))], Stalled, IsStopped ? _progress : null, IsPaused);

    /// <summary>Goes on with one data set until it is in step, the history is full or another has failed or stalled.</summary>
    public async Task RunAsync(int index)
    {
        try
        {
            Note();
            if (_progress[index].Lanes is null) _progress[index] = _progress[index] with { Lanes = await DivideAsync(input.Data[index]) };
            while (!_progress[index].Done && _calls < MaxCalls && !_failed && !IsStopped)
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
            while (!_progress[index].Lanes![lane].Done && _calls < MaxCalls && !_failed && !IsStopped)
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
            new CopyChangesInput(input.RunId, data, context.CurrentUtcDateTime, at.Cursor, _progress[index].Pass, Base: Base(_progress[index], at), Range: at.Range, Pausable: input.Pausable),
            Retry.Standard);

        if (batch.Paused)
        {
            IsPaused = true;
            return;
        }

        // Read after the wait: other lanes have told of theirs meanwhile.
        var before = _progress[index];
        var after = at with
        {
            Cursor = batch.Cursor, Done = batch.FinishedPass, Lag = batch.Lag ?? at.Lag,
            Examined = at.Examined + (before.Pass == 1 ? batch.Examined : 0), Bytes = at.Bytes + batch.Bytes,
        };
        _progress[index] = before with
        {
            Lanes = [.. before.Lanes!.Select((other, number) => number == lane ? after : other)],
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
        _logger.PassFinished(pass.Pass == 1 || pass.PassMoved > 0 || pass.Lag > data.MaxLag ? LogLevel.Information : LogLevel.Debug, input.RunId, data.Name, pass.Pass, pass.PassMoved, pass.Lag);
        if (pass is { Conflicts: > 0, Pass: > 1 })
        {
            throw new PermanentFailureException(
                SyncCodes.Conflicts,
                $"{pass.Conflicts} objects of data '{data.Name}' were changed on both sides, the first: '{pass.FirstConflict}'; none of them was overwritten");
        }

        var bytes = pass.Bytes - pass.BytesBefore;
        var trend = PassTrend.After(pass.Trend, pass.PassMoved, bytes, pass.Lag);
        var after = pass with { Trend = trend, InStepUntil = Now - pass.Lag };
        switch (pass.Conflicts > 0 ? PassVerdict.GoOn : trend.Judge(pass.PassMoved, pass.Lag, data.MaxLag, FewObjects))
        {
            case PassVerdict.InStep:
                return after with { Done = true };
            case PassVerdict.FallsBehind:
                Stalled ??= new SyncStall(data.Name, pass.Pass, pass.PassMoved, bytes, pass.Lag, data.MaxLag);
                _logger.SyncStalled(input.RunId, data.Name, pass.Pass, pass.PassMoved, pass.Lag);
                // Whoever lets it go on gives it as many passes again.
                return Next(after) with { Trend = null };
            default:
                return Next(after);
        }
    }

    private static DataSetProgress Next(DataSetProgress pass) => pass with
    {
        Pass = pass.Pass + 1, PassMoved = 0, BytesBefore = pass.Bytes, Conflicts = 0, FirstConflict = null,
        Lanes = [.. pass.Lanes!.Select(lane => lane with { Cursor = null, Done = false, Lag = default })],
    };

    /// <summary>What a pass may have moved and still count as only keeping up.</summary>
    private long FewObjects => Math.Max(100, input.TotalObjects / 100);

    private DateTimeOffset Now => new(context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>From here a batch tells by itself how far it is, until it answers.</summary>
    private BatchBase Base(DataSetProgress data, LaneProgress lane) => new(
        StepNames.Sync, data.Lanes!.Length == 1 ? data.Name : $"{data.Name}:{lane.Range}", data.Pass, lane.Examined, lane.Bytes, input.TotalObjects, input.TotalBytes,
        data.InStepUntil);

    private (long Done, long Bytes) Seen =>
        (Math.Min(input.TotalObjects, _progress.Sum(data => data.Examined)), Math.Min(input.TotalBytes, _progress.Sum(data => data.Bytes)));

    private void Note()
    {
        _seen.Add(Now, Seen.Done, Seen.Bytes);
        _moved.Add(Now, _progress.Sum(data => data.Objects + data.Deleted), _progress.Sum(data => data.Bytes));
    }

    private StepProgress Progress()
    {
        Note();
        var follows = _progress.All(data => data.InStepUntil is not null);
        var (done, bytes) = follows ? (input.TotalObjects, input.TotalBytes) : Seen;
        int? eta = AreDone ? 0 : follows ? null : _seen.Rates?.SecondsFor(input.TotalObjects - done, input.TotalBytes - bytes);
        double? lag = follows ? Math.Round(_progress.Max(data => (Now - data.InStepUntil!.Value).TotalSeconds), 1) : null;
        return new StepProgress(done, input.TotalObjects, bytes, input.TotalBytes, eta, Rounded(_moved.Rates?.Objects), Rounded(_moved.Rates?.Bytes), lag);
    }

    private static double? Rounded(double? rate) => rate is { } value ? Math.Round(value, 1) : null;
}
