using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Core;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>Azure Monitor's figures of a site or a slot.</summary>
public sealed class Metrics(ArmGateway arm)
{
    private const string ApiVersion = "2018-01-01";

    /// <summary>The figures of a time span. A metric that is missing, in error or without data is null, never zero.</summary>
    public async Task<SiteTraffic> ReadAsync(string id, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var span = $"{from.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}/{to.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}";
        var query = $"metricnames=Requests,Http5xx,HttpResponseTime&aggregation=Total,Average&interval=FULL&timespan={Uri.EscapeDataString(span)}";
        var answer = await arm.SendAsync(RequestMethod.Get, $"{id}/providers/Microsoft.Insights/metrics", ApiVersion, query: query, cancellationToken: cancellationToken);
        var values = (answer["value"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        return new SiteTraffic(from, to, Sum(values, "Requests", "total"), Sum(values, "Http5xx", "total"), Mean(values, "HttpResponseTime"));
    }

    private static double? Sum(List<JsonObject> values, string metric, string aggregate) =>
        Points(values, metric, aggregate) is { Count: > 0 } points ? points.Sum() : null;

    private static double? Mean(List<JsonObject> values, string metric) => Points(values, metric, "average") is { Count: > 0 } points ? points.Average() : null;

    // A metric can fail inside a 200: then it has an errorCode other than Success, and says nothing.
    private static List<double> Points(List<JsonObject> values, string metric, string aggregate) =>
        values.Where(v => v["name"]?["value"]?.ToString() == metric && v["errorCode"]?.ToString() is null or "Success" or "")
            .SelectMany(v => v["timeseries"] as JsonArray ?? []).SelectMany(s => s?["data"] as JsonArray ?? [])
            .Select(p => p?[aggregate]).OfType<JsonValue>().Select(v => v.GetValue<double>()).ToList();
}
