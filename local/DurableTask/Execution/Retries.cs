using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>Repeats a failed call as its policy or handler says.</summary>
internal static class Retries
{
    public static async Task<string?> RunAsync(TaskOrchestrationContext context, TaskName name, TaskRetryOptions? retry, Func<Task<TaskOutcome>> attempt)
    {
        var begun = context.CurrentUtcDateTime;
        for (var attempts = 1; ; attempts++)
        {
            var outcome = await attempt();
            if (outcome.Succeeded)
                return outcome.Payload;

            var again = !outcome.NonRetriable && retry switch
            {
                { Policy: { } policy } => await WaitAsync(context, policy, attempts, outcome.Failure, begun),
                { Handler: { } handler } => await handler(
                    new RetryContext(context, attempts, outcome.Failure!, context.CurrentUtcDateTime - begun, CancellationToken.None)),
                _ => false,
            };
            if (!again)
                throw new TaskFailedException(name, outcome.TaskId, outcome.Failure!);
        }
    }

    /// <returns>False when the policy gives up.</returns>
    private static async Task<bool> WaitAsync(
        TaskOrchestrationContext context, RetryPolicy policy, int attempts, TaskFailureDetails? failure, DateTime begun)
    {
        if (attempts >= policy.MaxNumberOfAttempts || (failure is not null && !policy.IsRetriable(failure)))
            return false;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime - begun >= policy.RetryTimeout)
            return false;
        await context.CreateTimer(Delay(policy, attempts), CancellationToken.None);
        return true;
    }

    private static TimeSpan Delay(RetryPolicy policy, int attempts)
    {
        var limit = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue.TotalMilliseconds / 2 : policy.MaxRetryInterval.TotalMilliseconds;
        var grown = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempts - 1);
        return TimeSpan.FromMilliseconds(Math.Min(grown, limit));
    }
}
