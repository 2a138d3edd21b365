using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>What a start does with what an earlier run has left.</summary>
public abstract class RecoveryTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_instance_that_waits_for_its_turn_is_not_loaded_yet(bool afterCrash)
    {
        var begun = new SemaphoreSlim(0);
        using var hold = new ManualResetEventSlim();
        await using var engine = await StartAsync(
            tasks => tasks.AddOrchestratorFunc<string, string>("Hold", (_, input) =>
            {
                begun.Release();
                hold.Wait();
                return input;
            }),
            options => options.MaxConcurrentOrchestrations = 1);
        for (var n = 0; n < 30; n++)
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Hold", "early", new StartOrchestrationOptions($"{n}", engine.Clock.GetUtcNow().AddHours(1)));
        await engine.IdleAsync();
        if (afterCrash)
            await engine.CrashAndRestartAsync();

        engine.Clock.Advance(TimeSpan.FromHours(1));
        await begun.WaitAsync();
        engine.Engine.Parts.Database.Read(sql => sql.Execute("UPDATE Inbox SET Payload = '\"late\"'"));
        hold.Set();

        var inputs = new List<string?>();
        for (var n = 0; n < 30; n++)
            inputs.Add((await engine.EndAsync($"{n}")).ReadOutputAs<string>());
        Assert.Equal(29, inputs.Count(input => input == "late"));
        // The history begins with what the one that was loaded before had read.
        engine.ReplaysDiffer = true;
    }

    [Fact]
    public async Task A_turn_that_the_store_does_not_take_is_counted_once_as_begun()
    {
        await using var engine = await StartAsync(
            tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("go")),
            options => options.MaxDeliveries = 3);
        var id = await engine.RunAsync("Wait");
        await engine.IdleAsync();
        await engine.CrashAndRestartAsync();
        var database = engine.Engine.Parts.Database;
        database.Read(sql => sql.Execute("CREATE TRIGGER Full BEFORE INSERT ON History BEGIN SELECT RAISE(ABORT, 'full'); END"));

        await engine.Client.RaiseEventAsync(id, "go", "gone");
        for (var tries = 0; tries < 4; tries++)
        {
            await UntilAsync(() => engine.Clock.NextDue is not null);
            engine.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await UntilAsync(() => engine.Clock.NextDue is not null);
        database.Read(sql => sql.Execute("DROP TRIGGER Full"));
        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("gone", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
            await Task.Yield();
    }

    public sealed class Warm() : RecoveryTests(false);

    public sealed class Replayed() : RecoveryTests(true);
}
