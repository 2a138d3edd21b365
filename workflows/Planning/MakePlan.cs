using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Planning;

/// <summary>Makes the plan of a run and keeps it as a document. Reads Azure, changes nothing in it; each call makes the plan anew.</summary>
/// <exception cref="Errors.PermanentFailureException">MIG0201: the site is not there.</exception>
public sealed class MakePlan(RunDocuments documents, Surveyor surveyor, TimeProvider time)
{
    [Function(nameof(MakePlan))]
    public async Task<PlanSummary> RunAsync([ActivityTrigger] PlanOrder order, CancellationToken cancellationToken)
    {
        var spec = await documents.ReadSpecAsync(order.RunId, cancellationToken);
        var survey = await surveyor.ReadAsync(order.RunId, spec, cancellationToken);
        var plan = Compose(order, spec, survey);

        var json = JsonSerializer.SerializeToNode(plan, SpecJson.Options)!.AsObject();
        var digest = DigestOf(json);
        await documents.PutAsync(RunPaths.Plan(order.RunId), new JsonObject([KeyValuePair.Create<string, JsonNode?>("digest", digest), .. json.ToList().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))]), cancellationToken);

        return new PlanSummary(
            digest, plan.Blockers, plan.Site.HostName, plan.Site.DeploymentId, plan.Site.HealthCheckPath,
            plan.Data.Sum(d => d.Objects), plan.Data.Sum(d => d.Bytes), plan.Score,
            plan.Timeline.Where(e => e.Step is StepNames.CutOver or StepNames.Watch).Aggregate(TimeSpan.Zero, (sum, e) => sum + e.Duration));
    }

    /// <summary>The plan's digest: of all its members but the one that holds it.</summary>
    internal static string DigestOf(JsonObject plan) => Digests.Of(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject(plan.Where(member => member.Key != "digest").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))))));

    private MigrationPlan Compose(PlanOrder order, MigrationSpec spec, Survey survey)
    {
        var site = survey.Site;
        var risks = PlanRisks.Of(spec, survey, order.Counts);
        return new MigrationPlan(
            order.RunId,
            time.GetUtcNow(),
            new PlannedSite(
                site.Id, site.HostName, site.Location, site.ServerFarmId, survey.Sku, site.DeploymentId, spec.Slot,
                [.. survey.Settings.Keys.Order(StringComparer.Ordinal)], survey.Config["healthCheckPath"]?.ToString()),
            [.. spec.Data.Select(d => Planned(d, order.Counts))],
            PlanFindings.Blockers(spec, survey, order.Counts),
            PlanRisks.Score(risks),
            risks,
            PlanRisks.Dependencies(spec, survey),
            PlanOutlook.Changes(spec, survey),
            PlanOutlook.Timeline(spec, order.Counts),
            survey.WhatIf,
            survey.Traffic);
    }

    private static PlannedData Planned(DataSpec data, IReadOnlyList<DataCount> counts)
    {
        var count = counts.FirstOrDefault(c => c.Name == data.Name);
        return new PlannedData(data.Name, new Uri(data.Source).GetLeftPart(UriPartial.Path), new Uri(data.Target).GetLeftPart(UriPartial.Path), data.Setting, count?.Objects ?? 0, count?.Bytes ?? 0);
    }
}
