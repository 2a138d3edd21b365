namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>A random program for an orchestrator, with an outcome that its events' order does not change.</summary>
/// <param name="Id">No other plan of the run has it.</param>
/// <param name="Generations">Between two of them the instance continues as new.</param>
public sealed record Plan(string Id, IReadOnlyList<IReadOnlyList<Step>> Generations, PlanEnd End)
{
    /// <summary>It ends only when someone terminates it.</summary>
    public bool Hangs => End == PlanEnd.Hang || Generations.Any(steps => steps.Any(step => step.Hangs));

    /// <summary>The events that a client has to send, in the order of their numbers by name.</summary>
    public Dictionary<string, int> ClientEvents()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var wait in Generations.SelectMany(steps => steps).SelectMany(step => step.Parts.Prepend(step)))
        {
            if (wait.Kind == StepKind.Wait && wait.Name.StartsWith("client", StringComparison.Ordinal))
                counts[wait.Name] = counts.GetValueOrDefault(wait.Name) + wait.Number;
        }
        return counts;
    }
}

public enum PlanEnd
{
    Complete,
    Fail,
    Hang,
}

public enum StepKind
{
    /// <summary>An activity that fails <see cref="Step.Failures"/> times and is tried <see cref="Step.Attempts"/> times.</summary>
    Activity,

    /// <summary>All parts at once.</summary>
    Fan,

    Timer,

    /// <summary>A timer that loses against an activity.</summary>
    LostTimer,

    /// <summary>An activity whose outcome nobody awaits.</summary>
    Loose,

    /// <summary>The next <see cref="Step.Number"/> events of a name, each with a time limit where <see cref="Step.Seconds"/> says so.</summary>
    Wait,

    /// <summary>A sub-orchestration, to which <see cref="Step.Number"/> events are sent as soon as it is called.</summary>
    Child,

    /// <summary>Sends <see cref="Step.Number"/> events to the parent, which waits for them.</summary>
    Report,

    Status,
}

/// <param name="Id">No other step of the run has it.</param>
public sealed record Step(StepKind Kind, string Id)
{
    public int Number { get; init; }

    public int Failures { get; init; }

    public int Attempts { get; init; } = 1;

    public int Seconds { get; init; }

    public string Name { get; init; } = "";

    public bool HasId { get; init; }

    public IReadOnlyList<Step> Parts { get; init; } = [];

    public Plan? Child { get; init; }

    public bool Hangs => Child is { Hangs: true } || Parts.Any(part => part.Hangs);

    public bool Succeeds => Failures < Attempts;
}
