using System.Text.Json.Nodes;
using Azure.Core;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>Azure Monitor's alert rules on metrics of a site, and the action groups that they call.</summary>
public sealed class MetricAlerts(ArmGateway arm)
{
    private const string ApiVersion = "2018-03-01";
    private const string ActionGroupVersion = "2021-09-01";
    private static readonly int[] NotFound = [404];
    private static readonly int[] NotSeen = [403, 404];

    /// <summary>The window over which a rule adds up or averages.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A rule's tags; null where there is no such rule.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> FindTagsAsync(string ruleId, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Get, ruleId, ApiVersion, accept: NotFound, cancellationToken: cancellationToken);
        if (answer.Status == 404) return null;
        return (answer["tags"] as JsonObject ?? []).ToDictionary(tag => tag.Key, tag => tag.Value?.ToString() ?? "", StringComparer.OrdinalIgnoreCase);
    }

    public Task PutAsync(string ruleId, MetricAlert rule, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Put, ruleId, ApiVersion, Body(rule), cancellationToken: cancellationToken);

    public Task DeleteAsync(string ruleId, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Delete, ruleId, ApiVersion, accept: NotFound, cancellationToken: cancellationToken);

    /// <summary>False too where the orchestrator may not read it: then Azure would refuse the rules as well.</summary>
    public async Task<bool> SeesActionGroupAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Get, id, ActionGroupVersion, accept: NotSeen, cancellationToken: cancellationToken);
        return answer.Status is not (403 or 404);
    }

    private static JsonObject Body(MetricAlert rule) => new()
    {
        ["location"] = "global",
        ["tags"] = new JsonObject(rule.Tags.Select(tag => KeyValuePair.Create<string, JsonNode?>(tag.Key, tag.Value))),
        ["properties"] = new JsonObject
        {
            ["description"] = rule.Description,
            ["severity"] = rule.Severity,
            ["enabled"] = true,
            ["scopes"] = new JsonArray(rule.Site),
            ["evaluationFrequency"] = "PT1M",
            ["windowSize"] = "PT5M",
            ["criteria"] = new JsonObject
            {
                ["odata.type"] = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                ["allOf"] = new JsonArray(new JsonObject
                {
                    ["criterionType"] = "StaticThresholdCriterion",
                    ["name"] = "limit",
                    ["metricNamespace"] = "Microsoft.Web/sites",
                    ["metricName"] = rule.Metric,
                    ["dimensions"] = new JsonArray(),
                    ["operator"] = "GreaterThan",
                    ["threshold"] = rule.Threshold,
                    ["timeAggregation"] = rule.Aggregation,
                }),
            },
            ["autoMitigate"] = true,
            ["actions"] = new JsonArray(new JsonObject { ["actionGroupId"] = rule.ActionGroup }),
        },
    };
}

/// <summary>A rule that calls an action group when a metric of a site, over <see cref="MetricAlerts.Window"/>, is above a threshold.</summary>
/// <param name="Aggregation">Total or Average.</param>
public sealed record MetricAlert(
    string Site, string Description, int Severity, string Metric, string Aggregation, double Threshold, string ActionGroup, IReadOnlyDictionary<string, string> Tags);
