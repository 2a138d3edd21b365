using System.Text.Json.Nodes;
using System.Xml;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;
using Orchestrator.Local.AzureEmulator.Web;

namespace Orchestrator.Local.AzureEmulator.Monitor;

/// <summary>Azure Monitor metrics of sites and slots.</summary>
internal sealed class MetricsApi(SiteStore sites)
{
    private const string Full = "FULL";
    private static readonly string[] Grains = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D", Full];
    private static readonly string[] Aggregations = ["average", "minimum", "maximum", "total", "count"];

    public void Map(ArmRouter router)
    {
        router.Map("GET", "Microsoft.Insights/metrics", List);
        router.Map("GET", "Microsoft.Insights/metricDefinitions", Definitions);
    }

    private static ArmException Bad(string message) => ArmException.Of(400, "BadRequest", message);

    private SiteSlot SlotOf(ArmRequest request) => sites.RequireSlot(request.Inner("GET", request.Target.Scope));

    private ArmResponse List(ArmRequest request)
    {
        var slot = SlotOf(request);
        var (from, to) = Timespan(request);
        var grain = Grain(request);
        var metrics = Metrics(request);
        var wanted = Wanted(request);
        return ArmResponse.Ok(new JsonObject
        {
            ["cost"] = 0,
            ["timespan"] = $"{Time(from)}/{Time(to)}",
            ["interval"] = grain,
            ["namespace"] = slot.Type,
            ["resourceregion"] = Locations.Code(slot.Site.Location),
            ["value"] = new JsonArray([.. metrics.Select(metric => (JsonNode?)Series(slot, metric, from, to, grain, wanted))]),
        });
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(time.Millisecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ");

    private static JsonObject Series(SiteSlot slot, SiteMetric metric, DateTimeOffset from, DateTimeOffset to, string grain, IReadOnlyList<string> wanted)
    {
        var aggregations = wanted.Count > 0 ? wanted : [metric.Primary.ToLowerInvariant()];
        var data = new JsonArray();
        foreach (var (start, end) in Points(from, to, grain))
        {
            var buckets = slot.Metrics.Between(start, end);
            var point = new JsonObject { ["timeStamp"] = Time(start) };
            foreach (var aggregation in aggregations)
            {
                if (metric.Aggregate(aggregation, buckets) is { } value) point[aggregation] = value;
            }

            data.Add((JsonNode)point);
        }

        return new JsonObject
        {
            ["id"] = $"{slot.Id}/providers/Microsoft.Insights/metrics/{metric.Name}",
            ["type"] = "Microsoft.Insights/metrics",
            ["name"] = new JsonObject { ["value"] = metric.Name, ["localizedValue"] = metric.Display },
            ["displayDescription"] = metric.Description,
            ["unit"] = metric.Unit,
            ["timeseries"] = new JsonArray(new JsonObject { ["metadatavalues"] = new JsonArray(), ["data"] = data }),
            ["errorCode"] = "Success",
        };
    }

    /// <summary>The spans of the points: one for FULL, else as many as there are grains, counted from the full minute before the start.</summary>
    private static IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Points(DateTimeOffset from, DateTimeOffset to, string grain)
    {
        if (grain == Full)
        {
            yield return (from, to);
            yield break;
        }

        var step = XmlConvert.ToTimeSpan(grain);
        for (var start = from.AddTicks(-(from.UtcTicks % TimeSpan.TicksPerMinute)); start < to; start += step) yield return (start, start + step);
    }

    private static (DateTimeOffset From, DateTimeOffset To) Timespan(ArmRequest request)
    {
        if (!request.Query.TryGetValue("timespan", out var text))
        {
            var now = DateTimeOffset.UtcNow;
            return (now.AddHours(-1), now);
        }

        var parts = text.Split('/');
        if (parts.Length == 2 && DateTimeOffset.TryParse(parts[0], out var from) && DateTimeOffset.TryParse(parts[1], out var to) && from < to) return (from, to);
        throw Bad($"Invalid time interval input: {text}");
    }

    private static string Grain(ArmRequest request)
    {
        var given = request.Query.GetValueOrDefault("interval", "PT1M").ToUpperInvariant();
        return Array.Find(Grains, grain => grain == given)
            ?? throw Bad($"Detected invalid time grain input: {given}. Supported time grains: {string.Join(',', Grains)}");
    }

    private static List<SiteMetric> Metrics(ArmRequest request)
    {
        var names = request.Query.GetValueOrDefault("metricnames", "Requests").Split(',', StringSplitOptions.TrimEntries);
        return [.. names.Select(name => SiteMetric.All.FirstOrDefault(metric => metric.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Bad($"Failed to find metric configuration for provider: Microsoft.Web, resource Type: sites, metric: {name}, Valid metrics: {string.Join(',', SiteMetric.All.Select(metric => metric.Name))}"))];
    }

    private static List<string> Wanted(ArmRequest request)
    {
        if (!request.Query.TryGetValue("aggregation", out var text)) return [];
        var wanted = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries).ToList();
        if (wanted.Find(one => !Aggregations.Contains(one)) is { } unknown) throw Bad($"Detected invalid aggregation type input: {unknown}.");
        return wanted;
    }

    private ArmResponse Definitions(ArmRequest request)
    {
        var slot = SlotOf(request);
        return ArmResponse.List(SiteMetric.All.Select(metric => new JsonObject
        {
            ["id"] = $"{slot.Id}/providers/microsoft.insights/metricdefinitions/{metric.Name}",
            ["resourceId"] = slot.Id,
            ["namespace"] = slot.Type,
            ["name"] = new JsonObject { ["value"] = metric.Name, ["localizedValue"] = metric.Display },
            ["unit"] = metric.Unit,
            ["primaryAggregationType"] = metric.Primary,
        }));
    }
}
