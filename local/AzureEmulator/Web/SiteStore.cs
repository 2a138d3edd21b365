using System.Collections.Concurrent;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>All sites. Site names are unique over all subscriptions, as their host names are.</summary>
internal sealed class SiteStore
{
    private readonly ConcurrentDictionary<string, Site> _sites = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, SiteSlot> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A site that is still being made is not among them.</summary>
    public IEnumerable<Site> All => _sites.Values.Where(site => site.Slots.ContainsKey(SiteSlot.ProductionName)).OrderBy(site => site.Name, StringComparer.Ordinal);

    public bool Exists(string name) => _sites.ContainsKey(name);

    public bool HostExists(string hostLabel) => _hosts.ContainsKey(hostLabel);

    public Site? Find(ArmTarget target, string name) =>
        _sites.TryGetValue(name, out var site)
        && site.Slots.ContainsKey(SiteSlot.ProductionName)
        && site.Group.Equals(target.Group, StringComparison.OrdinalIgnoreCase)
        && site.Subscription.Equals(target.Subscription, StringComparison.OrdinalIgnoreCase) ? site : null;

    public Site RequireSite(ArmRequest request) =>
        Find(request.Target, request.Target.Names[0])
        ?? throw ArmException.ResourceNotFound($"Microsoft.Web/sites/{request.Target.Names[0]}", request.Target.Group!);

    /// <summary>The slot that a path below <c>sites/*</c> or <c>sites/*/slots/*</c> is about.</summary>
    public SiteSlot RequireSlot(ArmRequest request)
    {
        var site = RequireSite(request);
        if (!request.Target.Pattern.StartsWith("microsoft.web/sites/*/slots/*", StringComparison.Ordinal)) return site.Production;
        var name = request.Target.Names[1];
        return site.Slots.GetValueOrDefault(name)
            ?? throw ArmException.ResourceNotFound($"Microsoft.Web/sites/{site.Name}/slots/{name}", request.Target.Group!);
    }

    public SiteSlot? FindByHostLabel(string label) => _hosts.GetValueOrDefault(label);

    public ConcurrentDictionary<string, SiteSlot>.AlternateLookup<ReadOnlySpan<char>> HostLookup =>
        _hosts.GetAlternateLookup<ReadOnlySpan<char>>();

    public void Add(Site site)
    {
        if (!_sites.TryAdd(site.Name, site))
            throw WebErrors.Of(409, "Conflict", $"Website with given name {site.Name} already exists.", "54001", "Website with given name {0} already exists.", site.Name);
    }

    public void Add(SiteSlot slot)
    {
        slot.Site.Slots[slot.Name] = slot;
        _hosts[slot.HostLabel] = slot;
    }

    public async Task RemoveAsync(SiteSlot slot)
    {
        _hosts.TryRemove(slot.HostLabel, out _);
        slot.Site.Slots.TryRemove(slot.Name, out _);
        await slot.App.DisposeAsync();
    }

    public async Task RemoveAsync(Site site)
    {
        foreach (var slot in site.Slots.Values) await RemoveAsync(slot);
        _sites.TryRemove(site.Name, out _);
        site.Dispose();
    }
}
