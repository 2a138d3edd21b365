namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>What activities change: it outlives every crash.</summary>
internal sealed class Outside(TimeProvider time, Action<string> tell)
{
    public const string Refusal = "Not this time.";

    private readonly Dictionary<string, List<int>> attempts = new(StringComparer.Ordinal);

    /// <summary>How often each step was tried; an attempt that runs again after a crash counts once.</summary>
    public int Attempts(string key) => attempts.TryGetValue(key, out var tries) ? tries.Count : 0;

    /// <summary>The starts of which something was done.</summary>
    public IEnumerable<string> Incarnations => attempts.Keys.Select(key => key[..key.IndexOf('/', StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal);

    public async Task<int> WorkAsync(int task, Job job, CancellationToken cancellation)
    {
        if (!attempts.TryGetValue(job.Key, out var tries))
            attempts[job.Key] = tries = [];
        if (!tries.Contains(task))
            tries.Add(task);
        tell($"{job.Key} attempt {tries.IndexOf(task)}");
        if (job.Seconds > 0)
            await Task.Delay(TimeSpan.FromSeconds(job.Seconds), time, cancellation);
        else
            await Task.Yield();
        return tries.IndexOf(task) < job.Failures ? throw new InvalidOperationException(Refusal) : job.Number;
    }
}
