using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using Orchestrator.Functions.Http;

namespace Orchestrator.Functions.Migrations;

/// <summary>
/// Once a day, purges the runs that ended longer ago than <see cref="RetentionOptions.Runs"/>, each with the instances of its steps. A run whose way back is
/// open has not ended. What runs left in the state container stays: it is the record.
/// </summary>
/// <remarks>Instance by instance: the Functions host passes over the wish to purge children too, and a filter knows when a run began and not when it ended.</remarks>
public sealed class PurgeRuns(IOptions<RetentionOptions> options, TimeProvider time, ILogger<PurgeRuns> logger)
{
    /// <summary>Second, minute, hour, day, month, day of the week.</summary>
    public const string Schedule = "0 30 2 * * *";

    // The host ends a function after five minutes. What is left is purged the next day.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    [Function(nameof(PurgeRuns))]
    public async Task RunAsync([TimerTrigger(Schedule)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (options.Value.Runs == TimeSpan.Zero)
            return;
        var begun = time.GetUtcNow();
        var until = begun - options.Value.Runs;
        foreach (var (runId, ended) in await EndedAsync(client, until, cancellationToken))
        {
            if (time.GetUtcNow() - begun >= Longest)
            {
                logger.PurgeUnfinished((int)Longest.TotalMinutes);
                return;
            }

            await PurgeAsync(client, runId, ended, until, cancellationToken);
        }
    }

    // By run: its own instance, where it has ended, and those of its steps.
    private static async Task<Dictionary<string, List<OrchestrationMetadata>>> EndedAsync(DurableTaskClient client, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, List<OrchestrationMetadata>>(StringComparer.Ordinal);
        var filter = new OrchestrationQuery(CreatedTo: until, Statuses: Ended, PageSize: 100);
        await foreach (var instance in client.GetAllInstancesAsync(filter).WithCancellation(cancellationToken))
        {
            var runId = instance.InstanceId.Split(':')[0];
            if (!found.TryGetValue(runId, out var ended))
                found[runId] = ended = [];
            ended.Add(instance);
        }

        return found;
    }

    private async Task PurgeAsync(DurableTaskClient client, string runId, List<OrchestrationMetadata> ended, DateTimeOffset until, CancellationToken cancellationToken)
    {
        try
        {
            var run = ended.Find(instance => instance.InstanceId == runId) ?? await client.GetInstanceAsync(runId, cancellationToken);
            // A run that is gone may have left steps behind: they go by their own age.
            var due = run is null ? ended.FindAll(step => step.LastUpdatedAt <= until) : run.IsCompleted && run.LastUpdatedAt <= until ? ended : [];
            // The run last: as long as it is there, a purge that broke off is taken up again.
            foreach (var instance in due.OrderBy(instance => instance.InstanceId == runId))
                await client.PurgeInstanceAsync(instance.InstanceId, cancellationToken);
            if (due.Count > 0)
                logger.RunPurged(runId, due.Count);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.RunNotPurged(failure, runId);
        }
    }
}
