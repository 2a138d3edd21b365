using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>The general configuration of a slot (config/web) as ARM shows it.</summary>
internal static class WebConfig
{
    private static readonly string[] RuleMembers =
        ["actionHostName", "reroutePercentage", "changeStep", "changeIntervalInMinutes", "minReroutePercentage", "maxReroutePercentage", "changeDecisionCallbackUrl", "name"];

    /// <summary>Members that only the front end or ARM reads; changing them leaves the process alone.</summary>
    private static readonly string[] OutsideTheProcess = ["experiments", "routingRules", "autoSwapSlotName", "minTlsVersion", "healthCheckPath"];

    public static JsonObject Of(SiteSlot slot)
    {
        var shown = new JsonObject
        {
            ["numberOfWorkers"] = 1,
            ["netFrameworkVersion"] = "v4.0",
            ["linuxFxVersion"] = "",
            ["appCommandLine"] = "",
            ["alwaysOn"] = false,
            ["loadBalancing"] = "LeastRequests",
            ["routingRules"] = new JsonArray(),
            ["experiments"] = new JsonObject { ["rampUpRules"] = new JsonArray() },
            ["autoSwapSlotName"] = null,
            ["healthCheckPath"] = null,
            ["minTlsVersion"] = "1.2",
            ["http20Enabled"] = true,
            ["azureStorageAccounts"] = new JsonObject(),
        };
        Json.Merge(shown, slot.Configuration.Web);
        return shown;
    }

    /// <summary>Completes ramp-up rules with the members that Azure reads back, and shows them as routingRules too.</summary>
    public static void MirrorRampUpRules(JsonObject web, JsonObject change)
    {
        if (change.At("experiments", "rampUpRules") is not JsonArray rules) return;
        web["experiments"] = new JsonObject { ["rampUpRules"] = new JsonArray([.. rules.Select(Complete)]) };
        web["routingRules"] = new JsonArray([.. rules.Select(Complete)]);
    }

    public static bool NeedsRestart(SlotConfiguration before, SlotConfiguration after)
    {
        if (!before.AppSettings.SequenceEqual(after.AppSettings) || !before.ConnectionStrings.SequenceEqual(after.ConnectionStrings)) return true;
        return !JsonNode.DeepEquals(Process(before.Web), Process(after.Web));
    }

    private static JsonObject Process(JsonObject web)
    {
        var copy = (JsonObject)web.DeepClone();
        foreach (var member in OutsideTheProcess) copy.Remove(member);
        return copy;
    }

    private static JsonNode? Complete(JsonNode? rule)
    {
        var complete = new JsonObject();
        foreach (var member in RuleMembers) complete[member] = rule.At(member)?.DeepClone();
        return complete;
    }
}
