using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class FailureTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task The_type_message_and_cause_of_an_exception_survive_the_way_from_an_activity()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Break", _ => throw new FileNotFoundException("no such thing", new TimeoutException("too slow")))
            .AddOrchestratorFunc("Catch", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Break");
                }
                catch (TaskFailedException failed)
                {
                    var details = failed.FailureDetails;
                    return $"{failed.TaskName} {failed.TaskId} {details.IsCausedBy<IOException>()} {details.IsCausedBy<TimeoutException>()} " +
                        $"{details.ErrorMessage} < {details.InnerFailure!.ErrorType}";
                }
                return "nothing";
            }));

        var run = await engine.RunToEndAsync("Catch");

        Assert.Equal("Break 0 True False no such thing < System.TimeoutException", run.ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_failed_instance_shows_the_bare_message_and_the_details()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Break", _ => throw new InvalidOperationException("broken"))
            .AddOrchestratorFunc("Pass", context => context.CallActivityAsync("Break")));

        var run = await engine.RunToEndAsync("Pass");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        Assert.Equal("Task 'Break' (#0) failed with an unhandled exception: broken", run.SerializedOutput);
        Assert.Equal(typeof(TaskFailedException).FullName, run.FailureDetails!.ErrorType);
        Assert.Equal("broken", run.FailureDetails.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task An_unknown_activity_fails_and_is_not_tried_again()
    {
        var retries = 0;
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Call", context =>
            context.CallActivityAsync("Missing", TaskOptions.FromRetryHandler(_ => ++retries < 5))));

        var run = await engine.RunToEndAsync("Call");

        Assert.Equal("ActivityTaskNotFound", run.FailureDetails!.InnerFailure!.ErrorType);
        Assert.Equal(0, retries);
    }

    [Fact]
    public async Task An_unknown_orchestrator_ends_failed()
    {
        await using var engine = await StartAsync(_ => { });

        var run = await engine.RunToEndAsync("Missing");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        Assert.Equal("OrchestratorTaskNotFound", run.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task An_exception_text_of_a_megabyte_does_not_hang_the_instance_durable_extension_502()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Break", _ => throw new InvalidOperationException(new string('x', 1_000_000)))
            .AddOrchestratorFunc("Pass", context => context.CallActivityAsync("Break")));

        var run = await engine.RunToEndAsync("Pass");

        Assert.Equal(1_000_000, run.FailureDetails!.InnerFailure!.ErrorMessage.Length);
    }

    [Fact]
    public async Task A_failure_before_the_first_await_is_the_instance_s()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Throw", (Action<TaskOrchestrationContext>)(_ => throw new FormatException("at once"))));

        var run = await engine.RunToEndAsync("Throw");

        Assert.Equal("System.FormatException", run.FailureDetails!.ErrorType);
    }

    public sealed class Warm() : FailureTests(false);

    public sealed class Replayed() : FailureTests(true);
}
