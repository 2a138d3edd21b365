using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Reporting;

/// <summary>What the figures of a run suggest for the next one. Each lesson names the figure that it is drawn from.</summary>
public static class Lessons
{
    public static IReadOnlyList<string> From(ReportOrder order, MigrationSpec spec, IReadOnlyList<ReportedStep> steps)
    {
        var lessons = new List<string>();
        foreach (var step in steps.Where(s => s is { Took: { } took, Estimated: { } estimated } && s.Name != StepNames.Watch && took > 2 * estimated))
            lessons.Add($"The step {step.Name} took {step.Took!.Value.TotalSeconds:0} s, more than twice the {step.Estimated!.Value.TotalSeconds:0} s estimated: plan a longer window.");
        if (order.State.Figures?.WritePauseMs is { } pause && spec.WritePause is { } limits && pause > limits.Limit.TotalMilliseconds / 2)
            lessons.Add($"Writes paused for {pause} ms, more than half of the limit of {limits.Limit.TotalMilliseconds:0} ms: fewer objects or a quieter hour make it shorter.");
        if (order.Watch?.Outcome == GateOutcome.NoData)
            lessons.Add("At least one gate had no data from the platform: watch longer, or in an hour with traffic.");
        if (order.Status == RunStatus.Succeeded && spec.Watch.Gates.Count == 0)
            lessons.Add("The watch period had no gates: nothing but the HTTP checks would have shown a worse version.");
        if (spec.Verify.Load is null)
            lessons.Add("No load test was run: the new version's behaviour under load was first seen in production.");
        if (order.Snapshot is { Data: { Immutable: false } data })
            lessons.Add($"The snapshot can be changed and deleted before its retention ends ({data.NotImmutable ?? "the store was not asked"}): keep snapshots in a container with version-level immutability.");
        if (order.State.Failure is { } failure)
            lessons.Add($"The run ended at {failure.Step} with {failure.Code}: docs/errors/{failure.Code}.md says what to do; a rehearsal would have shown it without touching production.");
        if (order.LeftBehind.Count > 0)
            lessons.Add($"{order.LeftBehind.Count} things are left behind, listed above: remove them before the next run.");
        return lessons;
    }
}
