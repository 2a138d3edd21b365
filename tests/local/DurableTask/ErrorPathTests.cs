using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>Application code that breaks where the engine calls it, and not only where it runs.</summary>
public abstract class ErrorPathTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task An_input_for_the_next_execution_that_cannot_be_serialized_fails_the_instance()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Again", context => context.ContinueAsNew(new Unserializable())));

        var run = await engine.RunToEndAsync("Again");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        Assert.Equal("has no text", run.FailureDetails!.ErrorMessage);
    }

    [Fact]
    public async Task The_input_of_the_next_execution_is_as_it_was_when_it_was_given()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<List<int>?, int>("Again", (context, input) =>
        {
            if (input is not null)
                return input.Count;
            List<int> next = [1, 2];
            context.ContinueAsNew(next);
            next.Add(3);
            return 0;
        }));

        Assert.Equal(2, (await engine.RunToEndAsync("Again")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_failure_with_very_many_causes_is_kept_as_far_down_as_anybody_reads()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Break", _ => throw Nested(200))
            .AddOrchestratorFunc("Pass", context => context.CallActivityAsync("Break")));

        var run = await engine.RunToEndAsync("Pass");

        Assert.Equal("cause 200", run.FailureDetails!.InnerFailure!.ErrorMessage);
        Assert.Equal("cause 190", Inner(run.FailureDetails.InnerFailure, 10).ErrorMessage);
    }

    [Fact]
    public async Task A_failure_comes_up_through_very_many_sub_orchestrations()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("Down", async (context, levels) =>
            levels == 0 ? throw new InvalidOperationException("the bottom") : await context.CallSubOrchestratorAsync<int>("Down", levels - 1)));

        var run = await engine.RunToEndAsync("Down", 100);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
    }

    [Fact]
    public async Task An_exception_that_cannot_be_described_fails_its_activity_once()
    {
        var runs = 0;
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Break", (Action<TaskActivityContext>)(_ =>
            {
                runs++;
                throw new Indescribable();
            }))
            .AddOrchestratorFunc("Pass", context => context.CallActivityAsync("Break")));

        var run = await engine.RunToEndAsync("Pass");

        Assert.Equal(typeof(Indescribable).ToString(), run.FailureDetails!.InnerFailure!.ErrorType);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task An_exception_that_cannot_be_described_fails_its_orchestrator()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Throw", (Action<TaskOrchestrationContext>)(_ => throw new Indescribable())));

        Assert.Equal(typeof(Indescribable).ToString(), (await engine.RunToEndAsync("Throw")).FailureDetails!.ErrorType);
    }

    private static Exception Nested(int levels)
    {
        var nested = new InvalidOperationException("cause 0");
        for (var level = 1; level <= levels; level++)
            nested = new InvalidOperationException($"cause {level}", nested);
        return nested;
    }

    private static TaskFailureDetails Inner(TaskFailureDetails failure, int levels) => levels == 0 ? failure : Inner(failure.InnerFailure!, levels - 1);

    public sealed class Warm() : ErrorPathTests(false);

    public sealed class Replayed() : ErrorPathTests(true);

    private sealed class Unserializable
    {
        public string Text => throw new FormatException("has no text");
    }

    private sealed class Indescribable : Exception
    {
        public override string Message => throw new NotSupportedException("has no message");
    }
}
