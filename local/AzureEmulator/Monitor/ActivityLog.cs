using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Monitor;

/// <summary>Writes, as the activity log lists them. The newest ten thousand are kept.</summary>
internal sealed partial class ActivityLog
{
    private const int Kept = 10_000;
    private readonly Lock _sync = new();
    private readonly Queue<JsonObject> _events = new();

    public void Map(ArmRouter router) => router.Map("GET", "Microsoft.Insights/eventtypes/*/values", List);

    public void Record(ArmRequest request, int status)
    {
        if (request.Method is "GET" or "HEAD" || request.Target.Subscription is null) return;
        var entry = Entry(request, status);
        lock (_sync)
        {
            _events.Enqueue(entry);
            if (_events.Count > Kept) _events.Dequeue();
        }
    }

    public void Clear()
    {
        lock (_sync) _events.Clear();
    }

    [GeneratedRegex("resourceGroupName eq '(?<group>[^']+)'", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex GroupFilter();

    [GeneratedRegex("eventTimestamp ge '(?<from>[^']+)'", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex FromFilter();

    private ArmResponse List(ArmRequest request)
    {
        List<JsonObject> found;
        lock (_sync) found = [.. _events.Select(entry => (JsonObject)entry.DeepClone())];
        found = found.FindAll(entry => request.Target.Subscription!.Equals(entry.Text("subscriptionId"), StringComparison.OrdinalIgnoreCase));
        var filter = request.Query.GetValueOrDefault("$filter", "");
        if (GroupFilter().Match(filter) is { Success: true } group)
            found = found.FindAll(entry => group.Groups["group"].Value.Equals(entry.Text("resourceGroupName"), StringComparison.OrdinalIgnoreCase));
        if (FromFilter().Match(filter) is { Success: true } from && DateTimeOffset.TryParse(from.Groups["from"].Value, out var earliest))
            found = found.FindAll(entry => DateTimeOffset.Parse(entry.Text("eventTimestamp")!) >= earliest);
        found.Reverse();
        return ArmResponse.List(found);
    }

    private static JsonObject Entry(ArmRequest request, int status)
    {
        var type = request.Target.Pattern.Replace("/*", "", StringComparison.Ordinal);
        var verb = request.Method switch
        {
            "DELETE" => "/delete",
            "POST" => "/action",
            _ => "/write",
        };
        var outcome = status < 300 ? "Succeeded" : "Failed";
        return new JsonObject
        {
            ["authorization"] = new JsonObject { ["action"] = type + verb, ["scope"] = request.Target.Path },
            ["caller"] = "local",
            ["correlationId"] = request.CorrelationId,
            ["eventDataId"] = Guid.NewGuid().ToString(),
            ["eventName"] = Named("EndRequest"),
            ["httpRequest"] = new JsonObject { ["method"] = request.Method, ["clientRequestId"] = request.Headers.GetValueOrDefault("x-ms-client-request-id") },
            ["level"] = status < 300 ? "Informational" : "Error",
            ["resourceGroupName"] = request.Target.Group,
            ["resourceProviderName"] = Named(request.Target.Namespace ?? "Microsoft.Resources"),
            ["resourceId"] = ArmTarget.Normalize(request.Target.Path),
            ["operationName"] = Named(type + verb),
            ["properties"] = new JsonObject { ["statusCode"] = $"{status}" },
            ["status"] = Named(outcome),
            ["eventTimestamp"] = $"{DateTime.UtcNow:O}",
            ["submissionTimestamp"] = $"{DateTime.UtcNow:O}",
            ["subscriptionId"] = request.Target.Subscription,
        };
    }

    private static JsonObject Named(string value) => new() { ["value"] = value, ["localizedValue"] = value };
}
