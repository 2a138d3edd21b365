using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// The site's configuration is as a snapshot has it: all of it, or, as an undo, what a change of this run left and nobody has set since. Twice is harmless: a
/// configuration that is as wanted is not written. App Service has no conditional writes, so what somebody sets in the moment between reading and writing is
/// lost, as with any of its clients.
/// </summary>
/// <exception cref="PermanentFailureException">
/// MIG0128: members that somebody else has set since were kept, the others are restored; MIG0129: it is not known what the change left, nothing was written;
/// MIG0305: the run no longer holds the site.
/// </exception>
public sealed class RestoreConfiguration(AppService apps, ConfigurationStore store, SiteLease lease, ILogger<RestoreConfiguration> logger)
{
    [Function(nameof(RestoreConfiguration))]
    public async Task<RestoredConfiguration> RunAsync([ActivityTrigger] RestoreConfigurationOrder order, CancellationToken cancellationToken)
    {
        var (runId, site) = (order.Hold.RunId, order.Hold.Site);
        if (await store.FindAsync(order.Container, ConfigurationOrder.BlobOf(runId, order.Wanted), cancellationToken) is not { } wanted) return new RestoredConfiguration([]);
        var left = order.Left is { } name ? await store.FindAsync(order.Container, ConfigurationOrder.BlobOf(runId, name), cancellationToken) : null;

        var now = await SiteConfiguration.ReadAsync(apps, site, cancellationToken);
        var differences = now.DifferencesFrom(wanted);
        if (differences.Count > 0 && order.Left is not null && left is null)
            throw new PermanentFailureException(SnapshotCodes.ConfigurationUnknown, $"{site} differs from {order.Wanted} in {string.Join(", ", differences)}");

        var ours = differences.Where(member => left is null || now.SameAs(left, member)).ToList();
        if (ours.Count > 0)
        {
            await lease.DemandAsync(order.Hold, cancellationToken);
            await ConfigurationWriter.WriteAsync(new SiteTarget(apps, site), now, wanted, ours, cancellationToken);
        }

        var kept = differences.Except(ours).ToList();
        logger.ConfigurationRestored(runId, ours.Count, kept.Count);
        if (kept.Count > 0)
            throw new PermanentFailureException(SnapshotCodes.ConfigurationKept, $"kept in {site}, as somebody else has set them: {string.Join(", ", kept)}");
        return new RestoredConfiguration([.. ours.Select(member => member.ToString())]);
    }
}
