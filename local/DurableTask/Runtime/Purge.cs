using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Removes ended instances in small groups, between which everybody else's commits get their turn.</summary>
internal static class Purge
{
    private const int GroupSize = 25;

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    public static async Task<PurgeResult> AllAsync(
        EngineParts engine, PurgeInstancesFilter filter, PurgeInstanceOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Timeout <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Timeout, $"{nameof(filter.Timeout)} must be a positive {nameof(TimeSpan)}.");
        var statuses = filter.Statuses?.Intersect(Ended).ToList();
        var wanted = new InstanceFilter
        {
            CreatedFrom = filter.CreatedFrom,
            CreatedTo = filter.CreatedTo,
            Statuses = filter.Statuses?.Any() is true ? statuses : Ended,
        };
        var begun = engine.Time.GetTimestamp();
        var count = 0;
        var last = 0L;
        while (filter.Timeout is not { } limit || engine.Time.GetElapsedTime(begun) < limit)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = engine.Database.Read(sql => sql.GetPage(wanted, last, GroupSize));
            if (rows.Count == 0)
                return new PurgeResult(count, isComplete: true);
            count += await InstancesAsync(engine, rows.ConvertAll(row => row.Key), options);
            last = rows[^1].Key;
        }
        return new PurgeResult(count, isComplete: false);
    }

    /// <returns>How many were removed: of those that have not ended, none.</returns>
    public static Task<int> InstancesAsync(EngineParts engine, IReadOnlyList<long> keys, PurgeInstanceOptions? options) =>
        engine.Commits.WriteAsync(writer => keys.Sum(key => Remove(writer, key, options is { Recursive: true })));

    private static int Remove(StateWriter writer, long key, bool recursive)
    {
        if (writer.GetInstance(key) is not { HasEnded: true })
            return 0;
        var children = recursive ? writer.GetChildren(key) : [];
        writer.Delete(key);
        return 1 + children.Sum(child => Remove(writer, child, recursive));
    }
}
