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

    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(SyncOrchestrator));
    private readonly DataSetProgress[] _progress = input.Progress ?? [.. input.Data.Select(data => new DataSetProgress(data.Name))];
    private readonly RateWindow _seen = new(), _moved = new();
    private int _calls;
    private bool _failed;

    public bool AreDone => _progress.All(data => data.Done);

    /// <summary>Set where a data set comes no closer to its source: that ends the sync until a person has decided.</summary>
    public SyncStall? Stalled { get; private set; }

    public SyncInput Remainder => input with { Progress = _progress };

    public SyncResult Result => new(
        [.. _progress.Select(data => new DataSetSync(data.Name, data.Objects, data.Bytes, data.Deleted, data.Pass, data.Lag))], Stalled, Stalled is null ? null : _progress);

    /// <summary>Goes on with one data set until it is in step, the history is full or another has failed or stalled.</summary>
    public async Task RunAsync(int index)
    {
        try
        {
            Note();
            while (!_progress[index].Done && _calls < MaxCalls && !_failed && Stalled is null)
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
            nameof(CopyChanges), new CopyChangesInput(input.RunId, data, context.CurrentUtcDateTime, before.Cursor, before.Pass, Base: Base(before)), Retry.Standard);

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
        var bytes = pass.Bytes - pass.BytesBefore;
        var trend = PassTrend.After(pass.Trend, pass.PassMoved, bytes, pass.Lag);
        var after = pass with { Trend = trend, InStepUntil = Now - pass.Lag };
        switch (trend.Judge(pass.PassMoved, pass.Lag, data.MaxLag, FewObjects))
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

    private static DataSetProgress Next(DataSetProgress pass) => pass with { Pass = pass.Pass + 1, PassMoved = 0, BytesBefore = pass.Bytes };

    /// <summary>What a pass may have moved and still count as only keeping up.</summary>
    private long FewObjects => Math.Max(100, input.TotalObjects / 100);

    private DateTimeOffset Now => new(context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>From here a batch tells by itself how far it is, until it answers.</summary>
    private BatchBase Base(DataSetProgress data) =>
        new(StepNames.Sync, data.Name, data.Pass, data.Examined, data.Bytes, input.TotalObjects, input.TotalBytes, data.InStepUntil);

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
