using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class InstanceIdTests
{
    private const string Half = "half \ud83d";

    [Fact]
    public async Task An_id_with_half_of_a_surrogate_pair_is_refused_by_the_name_of_its_parameter()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("End", _ => "ended"));
        var client = engine.Client;

        Assert.Equal("options", (await Assert.ThrowsAsync<ArgumentException>(() => engine.RunAsync("End", id: Half))).ParamName);
        foreach (var call in new Func<Task>[]
        {
            () => client.GetInstanceAsync(Half),
            () => client.WaitForInstanceStartAsync(Half),
            () => client.WaitForInstanceCompletionAsync(Half),
            () => client.RaiseEventAsync(Half, "go"),
            () => client.TerminateInstanceAsync(Half),
            () => client.SuspendInstanceAsync(Half),
            () => client.ResumeInstanceAsync(Half),
            () => client.PurgeInstanceAsync(Half),
            () => client.RestartAsync(Half),
            () => client.RewindInstanceAsync(Half, "again"),
            () => client.GetOrchestrationHistoryAsync(Half),
        })
            Assert.Equal("instanceId", (await Assert.ThrowsAsync<ArgumentException>(call)).ParamName);
    }

    [Fact]
    public async Task An_orchestrator_that_gives_such_an_id_gets_to_know_at_once()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Call", context => context.CallSubOrchestratorAsync("End", new TaskOptions().WithInstanceId(Half)))
            .AddOrchestratorFunc("Send", context => context.SendEvent(Half, "go", "on")));

        Assert.Equal(typeof(ArgumentException).FullName, (await engine.RunToEndAsync("Call")).FailureDetails!.ErrorType);
        Assert.Equal(typeof(ArgumentException).FullName, (await engine.RunToEndAsync("Send")).FailureDetails!.ErrorType);
    }

    [Theory]
    [InlineData("whole \ud83d\ude00")]
    [InlineData("nothing\0 and\u0001 a line\r\n")]
    [InlineData("replaced \ufffd")]
    public async Task Any_other_text_is_an_id_that_can_be_waited_for(string id)
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("go")));
        await engine.RunAsync("Wait", id: id);
        var waiting = engine.EndAsync(id);
        await engine.IdleAsync();

        await engine.Client.RaiseEventAsync(id, "go", "on");

        Assert.Equal((id, "on"), ((await waiting).InstanceId, (await waiting).ReadOutputAs<string>()));
    }
}
