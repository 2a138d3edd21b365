using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>What an instance is started with.</summary>
/// <param name="Incarnation">Of the start of the root, which other starts of the same id do not have.</param>
/// <param name="Events">The number of the last event of each name.</param>
public sealed record PlanRun(Plan Plan, string Incarnation, int Generation, string Digest, int Repeats, Dictionary<string, int> Events);

/// <param name="Repeats">Events that came twice, which only a client may send that does not know whether the first was taken.</param>
public sealed record PlanResult(string Digest, int Repeats);

public sealed record Job(string Key, int Number, int Failures, int Seconds);

/// <summary>Does what a plan says.</summary>
internal sealed class PlanOrchestrator(TaskOrchestrationContext context, PlanRun run)
{
    public const string Name = "Plan";
    public const string Activity = "Work";

    private readonly Dictionary<string, int> events = new(run.Events);
    private DateTime lastTime;
    private int repeats = run.Repeats;

    public async Task<PlanResult?> RunAsync()
    {
        var digest = run.Digest;
        foreach (var step in run.Plan.Generations[run.Generation])
            digest += await DoAsync(step) + ';';
        if (run.Generation + 1 < run.Plan.Generations.Count)
        {
            context.ContinueAsNew(run with { Generation = run.Generation + 1, Digest = digest, Repeats = repeats, Events = events });
            return null;
        }
        if (run.Plan.End == PlanEnd.Hang)
            await context.WaitForExternalEvent<string>("never");
        if (run.Plan.End == PlanEnd.Fail)
            throw new InvalidOperationException(PlanModel.Failure(run.Plan));
        return new PlanResult(digest, repeats);
    }

    private async Task<string> DoAsync(Step step)
    {
        if (context.CurrentUtcDateTime < lastTime)
            return "time went backwards";
        lastTime = context.CurrentUtcDateTime;
        switch (step.Kind)
        {
            case StepKind.Activity:
                return await WorkAsync(step);
            case StepKind.Fan:
                return $"({string.Join(',', await Task.WhenAll(step.Parts.Select(DoAsync)))})";
            case StepKind.Timer:
                await context.CreateTimer(TimeSpan.FromSeconds(step.Seconds), CancellationToken.None);
                return context.CurrentUtcDateTime >= lastTime ? "slept" : "time went backwards";
            case StepKind.LostTimer:
                return await OutrunAsync(step);
            case StepKind.Loose:
                _ = context.CallActivityAsync<int>(Activity, JobOf(step));
                return "";
            case StepKind.Wait:
                return await WaitAsync(step.Name, step.Number, step.Seconds);
            case StepKind.Child:
                return await CallAsync(step);
            case StepKind.Report:
                for (var number = 1; number <= step.Number; number++)
                    context.SendEvent(context.Parent!.InstanceId, $"report-{run.Plan.Id}", number);
                return "";
            default:
                context.SetCustomStatus(step.Id);
                return "";
        }
    }

    private Job JobOf(Step step) => new($"{run.Incarnation}/{step.Id}", step.Number, step.Failures, step.Seconds);

    private async Task<string> WorkAsync(Step step)
    {
        try
        {
            return $"{await context.CallActivityAsync<int>(Activity, JobOf(step), Retry(step))}";
        }
        catch (TaskFailedException failed) when (failed.FailureDetails.ErrorMessage == Outside.Refusal)
        {
            return "refused";
        }
    }

    private async Task<string> OutrunAsync(Step step)
    {
        using var cancellation = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromSeconds(step.Seconds), cancellation.Token);
        var number = await context.CallActivityAsync<int>(Activity, JobOf(step));
#pragma warning disable CA1849 // An asynchronous cancellation would leave the orchestrator's thread.
        cancellation.Cancel();
#pragma warning restore CA1849
        return timer.IsCompleted ? $"first {number}" : "the timer went on";
    }

    private async Task<string> CallAsync(Step step)
    {
        var child = step.Child!;
        var id = step.HasId ? $"{context.InstanceId}:{child.Id}" : null;
        var options = new SubOrchestrationOptions(Retry(step)?.Retry, id);
        var result = context.CallSubOrchestratorAsync<PlanResult>(Name, new PlanRun(child, run.Incarnation, 0, "", 0, []), options);
        for (var number = 1; number <= step.Number; number++)
            context.SendEvent(id!, "MAIL", number);
        string digest;
        try
        {
            digest = (await result).Digest;
        }
        catch (TaskFailedException failed)
        {
            digest = failed.FailureDetails.ErrorMessage;
        }
        return $"[{digest}]{await WaitAsync($"report-{child.Id}", step.Failures, 0)}";
    }

    private async Task<string> WaitAsync(string name, int count, int seconds)
    {
        var taken = "";
        for (var left = count; left > 0; left--)
        {
            var expected = events.GetValueOrDefault(name) + 1;
            var number = await NextAsync(name, seconds);
            while (number < expected)
            {
                if (!name.StartsWith("client", StringComparison.Ordinal))
                    return "an event that was sent once came twice";
                repeats++;
                number = await NextAsync(name, seconds);
            }
            events[name] = number;
            taken += $"{name} {number} ";
        }
        return taken;
    }

    private async Task<int> NextAsync(string name, int seconds)
    {
        if (seconds == 0)
            return await context.WaitForExternalEvent<int>(name);
        try
        {
            return await context.WaitForExternalEvent<int>(name, TimeSpan.FromSeconds(seconds));
        }
        catch (OperationCanceledException)
        {
            // A wait that was given up takes nothing away from the next.
            return await context.WaitForExternalEvent<int>(name);
        }
    }

    private static TaskOptions? Retry(Step step) =>
        step.Attempts == 1 ? null : TaskOptions.FromRetryPolicy(new RetryPolicy(step.Attempts, TimeSpan.FromSeconds(3), backoffCoefficient: 2));
}
