using Microsoft.DurableTask;
using Orchestrator.Local.DurableTask.Runtime;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class InstanceStateTests
{
    [Fact]
    public async Task An_event_to_an_instance_that_has_not_started_is_taken_without_the_inbox_being_read_again()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("n")));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("later", engine.Clock.GetUtcNow().AddHours(1)));
        await engine.Client.RaiseEventAsync("later", "n", 1);
        await engine.IdleAsync();
        var parts = engine.Engine.Parts;
        var state = InstanceState.Load(parts.Database.Read(sql => sql.FindInstance("later"))!.Key, parts)!;

        Assert.Equal([1L], state.Gather([null]).ConvertAll(message => message.Sequence - 1));
        Assert.Equal([7L], state.Gather([Event(7)]).ConvertAll(message => message.Sequence));
        Assert.Empty(state.Gather([Event(7)]));
        // Whatever may start the instance comes in the order of the inbox.
        Assert.Equal([2L], state.Gather([Event(8), null]).ConvertAll(message => message.Sequence));
    }

    [Fact]
    public async Task Events_before_the_start_are_taken_once_and_in_order_whichever_way_they_came()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("Collect", async context =>
        {
            var seen = new List<int>();
            while (seen.Count < 40)
                seen.Add(await context.WaitForExternalEvent<int>("n"));
            return seen;
        }));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Collect", new StartOrchestrationOptions("later", engine.Clock.GetUtcNow().AddHours(1)));
        for (var n = 0; n < 30; n++)
        {
            await engine.Client.RaiseEventAsync("later", "n", n);
            if (n % 3 == 0)
                await engine.IdleAsync();
            if (n == 10)
                await engine.Client.SuspendInstanceAsync("later");
            if (n == 15)
                await engine.CrashAndRestartAsync();
            if (n == 20)
                await engine.Client.ResumeInstanceAsync("later");
        }
        await engine.FireNextTimerAsync();
        for (var n = 30; n < 40; n++)
            await engine.Client.RaiseEventAsync("later", "n", n);

        Assert.Equal(Enumerable.Range(0, 40), (await engine.EndAsync("later")).ReadOutputAs<List<int>>());
    }

    private static InboxMessage Event(long sequence) => new(sequence, 0, new DurableEvent(EventKind.EventRaised, Name: "n", Payload: "1"));
}
