using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Traffic;

namespace Orchestrator.Workflows.Planning;

/// <summary>What stops a run, judged from the facts alone: no I/O, so that every rule has its test.</summary>
public static class PlanFindings
{
    private const string RunFromPackage = "WEBSITE_RUN_FROM_PACKAGE";
    private static readonly string[] TiersWithSlots = ["Standard", "Premium", "PremiumV2", "PremiumV3", "PremiumMV3", "PremiumV4", "PremiumMV4", "Isolated", "IsolatedV2"];

    public static IReadOnlyList<Finding> Blockers(MigrationSpec spec, Survey survey, IReadOnlyList<DataCount> counts) =>
        [.. Site(spec, survey), .. Data(spec, survey, counts), .. Release(spec, survey)];

    private static IEnumerable<Finding> Site(MigrationSpec spec, Survey survey)
    {
        var site = survey.Site;
        if (!TiersWithSlots.Contains(survey.Tier, StringComparer.OrdinalIgnoreCase))
            yield return new(PlanCodes.NoSlots, $"The App Service plan is {survey.Tier} ({survey.Sku}), which has no slots: Standard or higher has.");
        if (survey.Slots.Any(s => s.Id.EndsWith($"/slots/{spec.Slot}", StringComparison.OrdinalIgnoreCase)))
            yield return new(PlanCodes.SlotExists, $"The slot {spec.Slot} exists already. It may be somebody's: delete it or name another in the spec.");
        else if (survey.Slots.Count >= (survey.Tier.StartsWith("Standard", StringComparison.OrdinalIgnoreCase) ? 5 : 20))
            yield return new(PlanCodes.SlotQuota, $"The site has {survey.Slots.Count} slots, as many as {survey.Tier} allows.");
        foreach (var held in survey.Locks)
            yield return new(PlanCodes.Locked, $"The lock {held.Id} ({held.Level}) would stop the run{(held.Level == "CanNotDelete" ? "'s undo from deleting the slot" : "'s first change")}.");
        if (site.InProgressOperationId is { } operation) yield return new(PlanCodes.SiteBusy, $"The operation {operation} is under way on the site.");
        if (site.TargetSwapSlot is { } target) yield return new(PlanCodes.SiteBusy, $"A swap with the slot {target} is in preview: complete it or cancel it.");
        if (spec.Watch.Alerts is { } alerts && !survey.SeesActionGroup)
            yield return new(PlanCodes.NoActionGroup, $"There is no action group {alerts.ActionGroup}, or the orchestrator's identity may not read it: the alert rules would have nobody to call.");
        if (spec.Traffic is { Steps.Count: > 0 } traffic && WhyNoSteps(spec, traffic, survey) is { } why) yield return new(PlanCodes.TrafficSteps, why);
    }

    /// <summary>Both versions serve customers during the steps, so each must see what is written to the other.</summary>
    private static string? WhyNoSteps(MigrationSpec spec, TrafficSpec traffic, Survey survey)
    {
        if (spec.Data.FirstOrDefault(data => !data.Reverse) is { } oneWay)
            return $"traffic.steps needs both versions to see each other's writes, and {oneWay.Name} is not carried back (reverse: false): what customers write to the new version would be lost to the old.";
        if (spec is { Data.Count: > 0, WritePause: null })
            return "traffic.steps moves clients off the new version again before the swap, and with data that needs a writePause: without it, what they wrote there last could be lost.";
        if (RampRules.Of(survey.Config) is [var rule, ..])
            return $"The site routes {RampRules.Percent(rule):0.#} % of its clients to {RampRules.Name(rule)} already, by a rule that is not this run's: traffic.steps would change what that rule gets.";
        return traffic.Steps.Zip(traffic.Steps.Skip(1)).Any(pair => pair.Second.Percent <= pair.First.Percent)
            ? "traffic.steps do not increase: each moves more clients than the one before."
            : null;
    }

    private static IEnumerable<Finding> Data(MigrationSpec spec, Survey survey, IReadOnlyList<DataCount> counts)
    {
        foreach (var set in spec.Data)
        {
            if (set.Setting is { } setting && (!survey.Settings.TryGetValue(setting, out var value) || !DataUrl.Names(value, set.Source)))
                yield return new(PlanCodes.SettingDoesNotNameSource, $"The setting {setting} of the site does not name {set.Source}, so {set.Name} would not be what production uses.");
            if (set.Setting is { } sticky && survey.StickySettings.Contains(sticky, StringComparer.OrdinalIgnoreCase))
                yield return new(PlanCodes.SettingSticky, $"The setting {sticky} is sticky: it would stay behind in the swap, and the new version would use the old {set.Name}.");
            if (counts.FirstOrDefault(c => c.Name == set.Name) is { Unsupported.Count: > 0 } count)
                yield return new(PlanCodes.DataCannotBeCarried, $"{set.Name} holds objects that cannot be carried: {string.Join(", ", count.Unsupported.Take(5))}.");
        }
        if (spec is { Mode: MigrationMode.Migrate, Data.Count: > 0, WritePause: null })
            yield return new(PlanCodes.NoWritePause, "The spec moves data and names no writePause: a write during the swap could be lost.");
    }

    private static IEnumerable<Finding> Release(MigrationSpec spec, Survey survey)
    {
        if (survey.Package is { Status: not (200 or 206) and var status })
            yield return new(PlanCodes.PackageUnreachable, $"The package {WithoutQuery(spec.Release.Package!)} {(status == 0 ? "gives no answer" : $"answers {status}")}.");
        if (spec.Release.Package is null && !RunsFromUrl(spec, survey))
            yield return new(PlanCodes.NoContent, "The release names no package, and a new slot has no content: the swap would make an empty site live.");
        if (survey.TemplateError is { } error) yield return new(PlanCodes.TemplateUnusable, $"Azure refuses the template: {error}");
        foreach (var change in survey.WhatIf.Where(c => c.ChangeType is "Modify" or "Delete" or "Unsupported"))
            yield return new(PlanCodes.TemplateUnusable, $"The template would {change.ChangeType.ToLowerInvariant()} {change.ResourceId}, which this version could not undo.");
    }

    // Then the content follows from the settings, which the slot gets.
    private static bool RunsFromUrl(MigrationSpec spec, Survey survey) =>
        (spec.Release.AppSettings.TryGetValue(RunFromPackage, out var value) || survey.Settings.TryGetValue(RunFromPackage, out value))
        && value.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static string WithoutQuery(string url) => new Uri(url).GetLeftPart(UriPartial.Path);
}
