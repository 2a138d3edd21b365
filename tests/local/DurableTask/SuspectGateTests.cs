using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class SuspectGateTests
{
    [Fact]
    public async Task A_suspect_turn_does_not_wait_for_a_suspect_activity()
    {
        using var gate = new SuspectGate(limit: 10);
        using var activity = await gate.EnterActivityAsync(6);

        var turn = gate.EnterTurnAsync(1);

        Assert.True(turn.IsCompletedSuccessfully);
        Assert.NotNull(await turn);
    }

    [Fact]
    public async Task A_suspect_activity_begins_after_the_suspect_turns_that_were_there_before_it()
    {
        using var gate = new SuspectGate(limit: 10);
        using var activity = await gate.EnterActivityAsync(6);
        var turn = await gate.EnterTurnAsync(1);

        var passing = gate.LetTurnsPassAsync();

        Assert.False(passing.IsCompleted);
        turn!.Dispose();
        await passing;
    }

    [Fact]
    public async Task Suspect_activities_run_one_at_a_time_and_so_do_suspect_turns()
    {
        using var gate = new SuspectGate(limit: 10);
        var activity = await gate.EnterActivityAsync(6);
        var turn = await gate.EnterTurnAsync(1);

        var nextActivity = gate.EnterActivityAsync(6);
        var nextTurn = gate.EnterTurnAsync(1);

        Assert.False(nextActivity.IsCompleted || nextTurn.IsCompleted);
        activity!.Dispose();
        await nextActivity;
        Assert.False(nextTurn.IsCompleted);
        turn!.Dispose();
        await nextTurn;
    }
}
