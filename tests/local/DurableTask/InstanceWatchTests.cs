namespace Orchestrator.Local.DurableTask.Tests;

public sealed class InstanceWatchTests
{
    [Fact]
    public async Task Nothing_is_kept_of_waits_that_are_over()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc("End", _ => "ended")
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never")));
        var ended = await engine.RunAsync("End");
        await engine.EndAsync(ended);
        var waits = await engine.RunAsync("Wait");
        await engine.IdleAsync();

        await engine.EndAsync(ended);
        using var source = new CancellationTokenSource();
        var waiting = engine.Client.WaitForInstanceCompletionAsync(waits, source.Token);
        var early = engine.Client.WaitForInstanceStartAsync("not there yet", source.Token);
        Assert.Equal(2, engine.Engine.Parts.Watch.Count);
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<OperationCanceledException>(() => early);

        Assert.Equal(0, engine.Engine.Parts.Watch.Count);
    }
}
