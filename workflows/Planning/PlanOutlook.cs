using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Planning;

/// <summary>What will change, with its undo, and how long each step will take by the sizes found.</summary>
public static class PlanOutlook
{
    private const double ObjectsPerSecond = 300;
    private const double BytesPerSecond = 40e6;

    public static IReadOnlyList<PlannedChange> Changes(MigrationSpec spec, Survey survey)
    {
        var changes = new List<PlannedChange>();
        if (spec.Mode == MigrationMode.Plan) return changes;
        changes.Add(new(StepNames.Snapshot, "the site's configuration and data are copied to the snapshot container", $"kept; expires after {spec.Snapshot.RetainDays} days"));
        changes.AddRange(survey.WhatIf.Where(c => c.ChangeType == "Create").Select(c => new PlannedChange(StepNames.Provision, $"{c.ResourceId} is created", "it is deleted")));
        changes.Add(new(StepNames.Provision, $"the slot {spec.Slot} is created with the new version and its settings", "the slot is deleted"));
        changes.AddRange(spec.Data.Select(d => new PlannedChange(StepNames.Provision, $"the container {d.Target} is created", "it is deleted with what was copied into it")));
        changes.AddRange(spec.Data.Select(d => new PlannedChange(StepNames.Sync, $"{d.Name} is copied from {d.Source} to {d.Target} and kept in step", "the copy is removed; the source is never changed")));
        if (spec.Mode != MigrationMode.Migrate) return changes;
        changes.Add(new(StepNames.CutOver, $"production's sticky settings are applied to the slot {spec.Slot} (preview)", "the preview is cancelled"));
        if (spec.Traffic is { Steps.Count: > 0 } traffic)
        {
            changes.Add(new(StepNames.CutOver, $"{string.Join(", then ", traffic.Steps.Select(step => $"{step.Percent} %"))} of the clients get the slot {spec.Slot}, before the swap", "they are taken back a step at a time"));
            if (spec.Data.Count > 0) changes.Add(new(StepNames.CutOver, "meanwhile what is written to either version is carried to the other, the first changes of the source by this run", "the source keeps them: customers wrote them"));
        }
        if (spec.WritePause is { } pause) changes.Add(new(StepNames.CutOver, $"writes are paused for at most {pause.Limit.TotalSeconds:0.#} s", "writes are resumed"));
        changes.Add(new(StepNames.CutOver, $"production and the slot {spec.Slot} are swapped (the point of no return)", "swapped back, with the writes made meanwhile copied back"));
        if (spec.Watch is { Alerts: { } alerts, Gates.Count: > 0 })
            changes.Add(new(StepNames.Watch, $"alert rules for {string.Join(" and ", spec.Watch.Gates.Select(gate => gate.Metric).Distinct())} are put on the site and stay; they call {alerts.ActionGroup}", "a rollback removes them"));
        return changes;
    }

    public static IReadOnlyList<Estimate> Timeline(MigrationSpec spec, IReadOnlyList<DataCount> counts)
    {
        var (objects, bytes) = (counts.Sum(c => c.Objects), counts.Sum(c => c.Bytes));
        var copy = TimeSpan.FromSeconds(Math.Ceiling(Math.Max(objects / ObjectsPerSecond, bytes / BytesPerSecond)) + 2);
        var basis = $"{objects:N0} objects at {ObjectsPerSecond:N0}/s, {bytes / 1e6:N0} MB at {BytesPerSecond / 1e6:N0} MB/s";
        List<Estimate> steps =
        [
            new(StepNames.Snapshot, copy, basis),
            new(StepNames.Provision, TimeSpan.FromMinutes(2), "a slot takes about 30 s, a package about 60 s"),
            new(StepNames.Sync, copy, basis),
            new(StepNames.Verify, TimeSpan.FromSeconds(20) + copy / 5 + (spec.Verify.Load?.Duration ?? TimeSpan.Zero), "both listings, the checks and the load test"),
        ];
        if (spec.Mode == MigrationMode.Migrate)
        {
            if (spec.Traffic is { Steps.Count: > 0 } traffic)
                steps.Add(new(StepNames.CutOver, traffic.Steps.Aggregate(TimeSpan.FromMinutes(3), (sum, step) => sum + step.Hold), "the traffic steps' holds, and until the slot is drained"));
            steps.Add(new(StepNames.CutOver, TimeSpan.FromMinutes(2), "a swap with preview takes about a minute; writes pause for seconds"));
            steps.Add(new(StepNames.Watch, spec.Watch.Duration, "as the spec says"));
        }
        return steps;
    }
}
