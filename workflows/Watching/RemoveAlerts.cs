using Azure;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;

namespace Orchestrator.Workflows.Watching;

/// <summary>
/// The alert rules of the run are gone from the site: their limits were those of the version that it went back from. The tag tells them from those of other
/// runs, also where the answer that they were made was lost. A rule that Azure refuses to delete is told in the result.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0305: the run no longer holds the site.</exception>
public sealed class RemoveAlerts(MetricAlerts alerts, SiteLease lease, RunDocuments documents)
{
    [Function(nameof(RemoveAlerts))]
    public async Task<AlertResult> RunAsync([ActivityTrigger] RemoveAlertsOrder order, CancellationToken cancellationToken)
    {
        await lease.DemandAsync(order.Hold, cancellationToken);
        var before = await documents.ReadAsync<AlertResult>(AlertPaths.Of(order.Hold.RunId), cancellationToken) ?? new AlertResult([]);
        var rules = before.Rules.ToDictionary(rule => rule.Metric, StringComparer.Ordinal);
        foreach (var (metric, id) in AlertRules.Ids(order.Hold.Site))
        {
            var known = rules.GetValueOrDefault(metric);
            if (await RemoveAsync(order.Hold.RunId, id, metric, known, cancellationToken) is { } rule) rules[metric] = rule;
        }

        var result = new AlertResult([.. rules.Values]);
        if (result.Rules.Count > 0) await documents.PutAsync(AlertPaths.Of(order.Hold.RunId), result, cancellationToken);
        return result;
    }

    /// <returns>Null where there is nothing to tell beyond what is known.</returns>
    private async Task<AlertRuleState?> RemoveAsync(string runId, string id, string metric, AlertRuleState? known, CancellationToken cancellationToken)
    {
        var gone = (known ?? new AlertRuleState(AlertRules.NameOf(id), metric, AlertState.Removed, "")) with { State = AlertState.Removed, Detail = "the run went back to the old version" };
        try
        {
            var tags = await alerts.FindTagsAsync(id, cancellationToken);
            if (tags?.GetValueOrDefault(RunTag.Name) != runId) return known is { State: AlertState.Stays or AlertState.NotRemoved } ? gone : null;
            await alerts.DeleteAsync(id, cancellationToken);
            return gone;
        }
        catch (RequestFailedException refused) when (refused.IsRefusal())
        {
            // What was never made cannot be left behind.
            return known is null or { State: AlertState.NotMade } ? null : gone with { State = AlertState.NotRemoved, Detail = refused.Message };
        }
    }
}
