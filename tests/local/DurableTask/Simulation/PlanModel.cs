namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>What a plan comes to, told without an engine.</summary>
internal static class PlanModel
{
    public static string Digest(Plan plan)
    {
        var events = new Dictionary<string, int>(StringComparer.Ordinal);
        return string.Concat(plan.Generations.SelectMany(steps => steps).Select(step => Digest(step, events) + ';'));
    }

    public static string Failure(Plan plan) => $"{plan.Id} fails as planned";

    private static string Digest(Step step, Dictionary<string, int> events) => step.Kind switch
    {
        StepKind.Activity => step.Succeeds ? $"{step.Number}" : "refused",
        StepKind.Fan => $"({string.Join(',', step.Parts.Select(part => Digest(part, events)))})",
        StepKind.Timer => "slept",
        StepKind.LostTimer => $"first {step.Number}",
        StepKind.Wait => Digest(step.Name, step.Number, events),
        StepKind.Child => $"[{(step.Child!.End == PlanEnd.Fail ? Failure(step.Child) : Digest(step.Child))}]{Digest($"report-{step.Child.Id}", step.Failures, events)}",
        _ => "",
    };

    private static string Digest(string name, int count, Dictionary<string, int> events)
    {
        var before = events.GetValueOrDefault(name);
        events[name] = before + count;
        return string.Concat(Enumerable.Range(before + 1, count).Select(number => $"{name} {number} "));
    }
}
