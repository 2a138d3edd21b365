using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Traffic;

/// <summary>The passes of both directions in turn while customers write to both sides: deterministic, decides only.</summary>
internal sealed class SharedPasses(TaskOrchestrationContext context, TrafficInput input, string key, IEnumerable<SharedTurn> turns)
{
    private const int MaxNames = 10;
    private readonly SharedTurn[] _turns = [.. turns];

    public IReadOnlyList<SharedTurn> Turns => [.. _turns];

    /// <summary>Activity calls so far.</summary>
    public int Calls { get; private set; }

    public bool HasConflicts => _turns.Any(turn => turn.ConflictNames.Count > 0);

    public bool AreSettled => _turns.All(turn => turn.Settled);

    /// <summary>A batch of each data set; where it ends a pass to the target, one of the way back with it.</summary>
    public Task RoundAsync() => Task.WhenAll(Enumerable.Range(0, _turns.Length).Select(async index =>
    {
        var wasBack = _turns[index].Back;
        await BatchAsync(index);
        if (!wasBack && _turns[index].Back) await BatchAsync(index);
    }));

    /// <summary>A batch of each data set that is not settled: full passes back, until one finds nothing to carry and leaves nothing.</summary>
    public Task SettleAsync() => Task.WhenAll(Enumerable.Range(0, _turns.Length).Where(index => !_turns[index].Settled).Select(index =>
    {
        // A pass under way is brought to its end first.
        if (_turns[index] is { Settles: false, Cursor: null }) _turns[index] = _turns[index] with { Settles = true, Back = true, Moved = 0 };
        return BatchAsync(index);
    }));

    private async Task BatchAsync(int index)
    {
        Calls++;
        var turn = _turns[index];
        var order = new SharedDeltaInput(input.Hold.RunId, input.Data[index], key, context.CurrentUtcDateTime, turn.Back, turn.Cursor, turn.Settles);
        var batch = await context.CallActivityAsync<SharedDeltaResult>(nameof(SharedDelta), order, Retry.Standard);
        var (carried, moved) = (batch.Copied + batch.Deleted, turn.Moved + batch.Copied + batch.Deleted + batch.Left);
        _turns[index] = turn with
        {
            Cursor = batch.Cursor,
            Moved = batch.FinishedPass ? 0 : moved,
            Back = batch.FinishedPass ? turn.Settles || !turn.Back : turn.Back,
            Settled = batch.FinishedPass && turn.Settles && moved == 0,
            There = turn.There + (turn.Back ? 0 : carried),
            Home = turn.Home + (turn.Back ? carried : 0),
            LongestLag = batch.Lag > turn.LongestLag ? batch.Lag.Value : turn.LongestLag,
            Conflicts = batch.Conflicts == 0 ? turn.Conflicts : [.. turn.ConflictNames.Union(batch.ConflictNames, StringComparer.Ordinal).Take(MaxNames)],
        };
    }
}
