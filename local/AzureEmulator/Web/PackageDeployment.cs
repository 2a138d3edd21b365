using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>One deployment of a package, in kudu's terms: a failed one is still an answer with status 200.</summary>
internal sealed record PackageDeployment(string Id, string PackageUri, DateTimeOffset Received)
{
    public DateTimeOffset? Ended { get; init; }

    public string? Failure { get; init; }

    public JsonObject ToJson(SiteSlot slot) => new()
    {
        ["id"] = $"{slot.Id}/deployments/{Id}",
        ["name"] = Id,
        ["type"] = $"{slot.Type}/deployments",
        ["location"] = Groups.Locations.Display(slot.Site.Location),
        ["properties"] = new JsonObject
        {
            ["id"] = Id,
            ["status"] = Ended is null ? 1 : Failure is null ? 4 : 3,
            ["status_text"] = Failure ?? "",
            ["author"] = "N/A",
            ["deployer"] = "OneDeploy",
            ["message"] = "OneDeploy",
            ["progress"] = Ended is null ? "Running deployment..." : "",
            ["received_time"] = $"{Received:O}",
            ["start_time"] = $"{Received:O}",
            ["end_time"] = Ended is null ? null : $"{Ended:O}",
            ["complete"] = Ended is not null,
            ["active"] = Ended is not null && Failure is null,
            ["is_temp"] = false,
            ["is_readonly"] = true,
            ["site_name"] = slot.HostLabel,
            ["provisioningState"] = Ended is null ? "InProgress" : Failure is null ? "Succeeded" : "Failed",
        },
    };
}
