using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Monitor;
using Orchestrator.Local.AzureEmulator.Runtime;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>One place where a site can run. The site itself is its slot <c>production</c>.</summary>
internal sealed class SiteSlot(Site site, string name, SlotContent content)
{
    public const string ProductionName = "production";

    public Site Site => site;

    public string Name => name;

    public bool IsProduction => name.Equals(ProductionName, StringComparison.OrdinalIgnoreCase);

    public string Id => IsProduction ? site.Id : $"{site.Id}/slots/{name}";

    public string Type => IsProduction ? "Microsoft.Web/sites" : "Microsoft.Web/sites/slots";

    /// <summary><c>site</c> or <c>site/slot</c>.</summary>
    public string FullName => IsProduction ? site.Name : $"{site.Name}/{name}";

    public string HostLabel => IsProduction ? site.Name : $"{site.Name}-{name}";

    public string HostName => HostLabel.ToLowerInvariant() + ".azurewebsites.net";

    public SlotConfiguration Configuration { get; set; } = new();

    public SlotContent Content { get; set; } = content;

    public JsonObject? Tags { get; set; }

    /// <summary>Members of the site that are kept as given: httpsOnly, clientAffinityEnabled, identity and the like.</summary>
    public JsonObject Extras { get; } = [];

    public bool Stopped { get; set; }

    public DateTimeOffset LastModified { get; private set; } = DateTimeOffset.UtcNow;

    public string ETag => $"\"{LastModified.UtcTicks:X}\"";

    public SwapStatus? SwapStatus { get; set; }

    /// <summary>The slot whose swap was prepared and waits; shown by the target.</summary>
    public string? TargetSwapSlot { get; set; }

    public PackageDeployment? LastDeployment { get; set; }

    public SlotMetrics Metrics { get; } = new();

    /// <summary>Set right after construction: the app reads this slot's configuration.</summary>
    public SlotApp App { get; set; } = null!;

    public void Touch() => LastModified = DateTimeOffset.UtcNow;
}

/// <summary>Carried by both sides after a swap; Azure writes production with a capital P here.</summary>
internal sealed record SwapStatus(DateTimeOffset Timestamp, string Source, string Destination);
