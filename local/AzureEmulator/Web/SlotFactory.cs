using System.Security.Cryptography;
using Orchestrator.Local.AzureEmulator.Runtime;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>Makes a slot with the app that runs in it.</summary>
internal sealed class SlotFactory(EmulatorOptions options, ISlotRuntime runtime, WarmUp warmUp, PackageStore packages)
{
    public SiteSlot Create(Site site, string name)
    {
        var production = name.Equals(SiteSlot.ProductionName, StringComparison.OrdinalIgnoreCase);
        var deploymentId = production ? site.Name : $"{site.Name}__{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
        var slot = new SiteSlot(site, name, new SlotContent(deploymentId));
        slot.App = new SlotApp(runtime, warmUp, options.Durations, cancellationToken => GoalAsync(slot, cancellationToken));
        return slot;
    }

    private async Task<AppGoal> GoalAsync(SiteSlot slot, CancellationToken cancellationToken)
    {
        if (slot.Stopped) return new AppGoal(Stopped: true, Start: null);
        var configuration = slot.Configuration;
        var content = configuration.AppSettings.TryGetValue(PackageStore.RunFromPackage, out var package) && PackageStore.IsUrl(package)
            ? await packages.MountAsync(new Uri(package), cancellationToken)
            : slot.Content.Directory;
        if (content is null) return new AppGoal(Stopped: false, Start: null);
        var start = new SlotStart(
            slot.Site.Name,
            slot.Name,
            content,
            configuration.Web["appCommandLine"]?.GetValue<string>(),
            SlotEnvironment.Of(slot, configuration),
            Path.Combine(options.DataDirectory, "logs", slot.Site.Name, slot.Name + ".log"));
        return new AppGoal(Stopped: false, start, configuration.AppSettings.GetValueOrDefault("WEBSITE_WARMUP_PATH", "/"));
    }
}
