using Azure;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;

namespace Orchestrator.Workflows.Watching;

/// <summary>
/// The gates of the watch stand as alert rules on the site, as the spec wants it. A rule of an earlier run is taken over; one that no run made is left alone.
/// A rule that Azure refuses, or that it cannot judge, is told in the result.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0305: the run no longer holds the site.</exception>
public sealed class EnsureAlerts(MetricAlerts alerts, SiteLease lease, RunDocuments documents)
{
    [Function(nameof(EnsureAlerts))]
    public async Task<AlertResult> RunAsync([ActivityTrigger] AlertOrder order, CancellationToken cancellationToken)
    {
        if (order.Watch.Alerts is null) return new AlertResult([]);
        await lease.DemandAsync(order.Hold, cancellationToken);
        var rules = new List<AlertRuleState>();
        foreach (var wanted in AlertRules.Of(order)) rules.Add(await EnsureAsync(wanted, cancellationToken));
        var result = new AlertResult(rules);
        await documents.PutAsync(AlertPaths.Of(order.Hold.RunId), result, cancellationToken);
        return result;
    }

    private async Task<AlertRuleState> EnsureAsync(WantedRule wanted, CancellationToken cancellationToken)
    {
        if (wanted.Rule is not { } rule) return NotMade(wanted, wanted.WhyNot);
        try
        {
            if (await alerts.FindTagsAsync(wanted.Id, cancellationToken) is { } tags && !tags.ContainsKey(RunTag.Name))
                return NotMade(wanted, "a rule of this name is there that no migration made");
            await alerts.PutAsync(wanted.Id, rule, cancellationToken);
            return new AlertRuleState(AlertRules.NameOf(wanted.Id), wanted.Metric, AlertState.Stays, rule.Description, $"{rule.Metric} {rule.Aggregation}", rule.Threshold);
        }
        catch (RequestFailedException refused) when (refused.IsRefusal())
        {
            return NotMade(wanted, refused.Message);
        }
    }

    private static AlertRuleState NotMade(WantedRule wanted, string why) => new(AlertRules.NameOf(wanted.Id), wanted.Metric, AlertState.NotMade, why);
}

internal static class Refusals
{
    /// <summary>Azure said no, and will say it again: not too many calls, and no time-out.</summary>
    public static bool IsRefusal(this RequestFailedException failure) => failure.Status is >= 400 and < 500 and not (408 or 429);
}
