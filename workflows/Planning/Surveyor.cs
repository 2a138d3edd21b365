using System.Text.Json.Nodes;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Planning;

/// <summary>Reads off Azure what a plan needs to know. Changes nothing.</summary>
public sealed class Surveyor(AppService apps, Governance governance, Deployments deployments, Metrics metrics, MetricAlerts alerts, PackageReader packages, TimeProvider time)
{
    /// <exception cref="PermanentFailureException">MIG0201: there is no such site, or the orchestrator may not see it.</exception>
    public async Task<Survey> ReadAsync(string runId, MigrationSpec spec, CancellationToken cancellationToken)
    {
        var id = new SiteId(spec.Site);
        var site = await apps.FindAsync(id.Id, cancellationToken)
            ?? throw new PermanentFailureException(PlanCodes.SiteMissing, $"There is no site {id.Id}, or the orchestrator's identity may not read it.");
        var farm = await apps.GetServerFarmAsync(site.ServerFarmId, cancellationToken);
        var sticky = await apps.ReadStickyNamesAsync(id.Id, cancellationToken);
        var (templateError, whatIf) = await TryTemplateAsync(id, runId, spec.Release, cancellationToken);
        var now = time.GetUtcNow();

        return new Survey(
            site,
            farm["sku"]?["name"]?.ToString() ?? "",
            farm["sku"]?["tier"]?.ToString() ?? "",
            await apps.ListSlotsAsync(id.Id, cancellationToken),
            await apps.ReadAppSettingsAsync(id.Id, cancellationToken),
            (sticky["appSettingNames"] as JsonArray ?? []).Select(n => n!.ToString()).ToList(),
            await apps.ReadConfigAsync(id.Id, cancellationToken),
            await governance.ListLocksAsync(id.Id, cancellationToken),
            await SharersAsync(id, spec.Data, cancellationToken),
            await governance.ListBlobEndpointsAsync(id.Subscription, cancellationToken),
            templateError,
            whatIf,
            spec.Release.Package is { } package ? await packages.ProbeAsync(package, cancellationToken) : null,
            await metrics.ReadAsync(id.Id, now.AddHours(-1), now, cancellationToken),
            spec.Watch.Alerts is not { } wanted || await alerts.SeesActionGroupAsync(wanted.ActionGroup, cancellationToken));
    }

    // Sites beside ours whose settings name the same data: they would go on writing to the old place.
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> SharersAsync(SiteId id, IReadOnlyList<DataSpec> data, CancellationToken cancellationToken)
    {
        var sharers = data.ToDictionary(d => d.Name, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var other in await apps.ListSitesAsync(id.GroupId, cancellationToken))
        {
            if (string.Equals(other.Id, id.Id, StringComparison.OrdinalIgnoreCase)) continue;
            var settings = await apps.ReadAppSettingsAsync(other.Id, cancellationToken);
            foreach (var set in data.Where(d => settings.Values.Any(v => DataUrl.Names(v, d.Source)))) sharers[set.Name].Add(other.Id);
        }
        return sharers.ToDictionary(s => s.Key, s => (IReadOnlyList<string>)s.Value, StringComparer.Ordinal);
    }

    private async Task<(string? Error, IReadOnlyList<ResourceChange> WhatIf)> TryTemplateAsync(SiteId id, string runId, ReleaseSpec release, CancellationToken cancellationToken)
    {
        if (release.Template is not { } template) return (null, []);
        var (body, parameters) = (JsonNode.Parse(template.GetRawText())!, release.TemplateParameters is { } p ? JsonNode.Parse(p.GetRawText()) : null);
        var name = Provisioning.DeploymentNames.For(runId);
        return await deployments.ValidateAsync(id.GroupId, name, body, parameters, cancellationToken) is { } error
            ? (error, [])
            : (null, await deployments.WhatIfAsync(id.GroupId, name, body, parameters, cancellationToken));
    }
}
