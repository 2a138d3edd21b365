using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using TaskFailedException = Microsoft.DurableTask.TaskFailedException;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class SubOrchestrationTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task It_runs_under_its_id_and_knows_its_parent()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, string>("Child", (context, n) => $"{context.InstanceId} of {context.Parent!.Name.Name} {context.Parent.InstanceId}: {n}")
            .AddOrchestratorFunc("Parent", context =>
                context.CallSubOrchestratorAsync<string>("Child", 5, new SubOrchestrationOptions(instanceId: context.InstanceId + ":child"))));

        await engine.RunAsync("Parent", id: "p");

        Assert.Equal("p:child of Parent p: 5", (await engine.EndAsync("p")).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.GetAsync("p:child")).RuntimeStatus);
    }

    [Fact]
    public async Task Many_run_side_by_side_under_ids_of_their_own()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Child", (_, n) => n)
            .AddOrchestratorFunc("Parent", async context =>
                (await Task.WhenAll(Enumerable.Range(1, 50).Select(n => context.CallSubOrchestratorAsync<int>("Child", n)))).Sum()));

        Assert.Equal(1275, (await engine.RunToEndAsync("Parent")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Its_failure_reaches_the_parent()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", (Action<TaskOrchestrationContext>)(_ => throw new TimeoutException("too slow")))
            .AddOrchestratorFunc("Parent", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Child");
                    return "nothing";
                }
                catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<TimeoutException>())
                {
                    return failed.Message;
                }
            }));

        Assert.Equal("Task 'Child' (#0) failed with an unhandled exception: too slow", (await engine.RunToEndAsync("Parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Under_the_id_of_one_that_has_failed_it_can_be_tried_again()
    {
        var attempts = 0;
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", _ => ++attempts < 3 ? throw new TimeoutException() : Task.FromResult("third"))
            .AddOrchestratorFunc("Parent", context =>
                context.CallSubOrchestratorAsync<string>("Child", TaskOptions.FromRetryHandler(_ => true).WithInstanceId("same"))));

        Assert.Equal("third", (await engine.RunToEndAsync("Parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Under_the_id_of_one_that_runs_it_fails()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never"))
            .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync("Wait", new SubOrchestrationOptions(instanceId: "taken"))));
        await engine.RunAsync("Wait", id: "taken");

        var run = await engine.RunToEndAsync("Parent");

        Assert.Equal(typeof(OrchestrationAlreadyExistsException).FullName, run.FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task A_reused_id_does_not_inherit_old_ones_mssql_315()
    {
        var release = new TaskCompletionSource();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Hold", _ => release.Task)
            .AddOrchestratorFunc("Child", async context =>
            {
                await context.CallActivityAsync("Hold");
                return "of the first";
            })
            .AddOrchestratorFunc<string, string>("Parent", (context, which) => which == "first"
                ? context.CallSubOrchestratorAsync<string>("Child")
                : context.WaitForExternalEvent<string>("answer")));
        await engine.RunAsync("Parent", "first", "p");
        await engine.Client.WaitForInstanceStartAsync("p");
        await engine.Client.TerminateInstanceAsync("p");
        await engine.EndAsync("p");

        await engine.RunAsync("Parent", "second", "p");
        release.SetResult();
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync("p", "answer", "of the second");

        Assert.Equal("of the second", (await engine.EndAsync("p")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Termination_of_it_fails_the_call()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never"))
            .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync("Wait", new SubOrchestrationOptions(instanceId: "child"))));

        var id = await engine.RunAsync("Parent");
        await engine.IdleAsync();
        await engine.Client.TerminateInstanceAsync("child");

        Assert.Equal("OrchestrationTerminated", (await engine.EndAsync(id)).FailureDetails!.InnerFailure!.ErrorType);
    }

    public sealed class Warm() : SubOrchestrationTests(false);

    public sealed class Replayed() : SubOrchestrationTests(true);
}
