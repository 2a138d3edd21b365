namespace Orchestrator.Workflows.Azure;

internal static class Pauses
{
    /// <summary>Waits by the given clock, for moments within an activity. In an orchestrator a durable timer is what waits.</summary>
    public static async Task WaitAsync(this TimeProvider time, TimeSpan pause, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = time.CreateTimer(_ => over.TrySetResult(), state: null, pause, Timeout.InfiniteTimeSpan);
        await over.Task.WaitAsync(cancellationToken);
    }
}
