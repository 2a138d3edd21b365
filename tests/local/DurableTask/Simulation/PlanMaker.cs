namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>Makes plans by chance.</summary>
internal sealed class PlanMaker(Random random)
{
    private int ids;

    /// <param name="mayHang">Someone will terminate it.</param>
    public Plan Make(bool mayHang) => Make(mayHang, depth: 0, isRetried: false, mail: 0, reports: 0);

    private Plan Make(bool mayHang, int depth, bool isRetried, int mail, int reports)
    {
        var id = NextId("p");
        var generations = new List<IReadOnlyList<Step>>();
        for (var left = OneIn(3) ? random.Next(1, 4) : 1; left > 0; left--)
            generations.Add([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => MakeStep(mayHang, depth, mayFan: true))]);
        if (mail > 0)
        {
            var reading = random.Next(generations.Count);
            generations[reading] = [new Step(StepKind.Wait, NextId("s")) { Name = "mail", Number = mail }, .. generations[reading]];
        }
        if (reports > 0)
            generations[^1] = [.. generations[^1], new Step(StepKind.Report, NextId("s")) { Number = reports }];
        var end = isRetried ? PlanEnd.Fail : mayHang && OneIn(4) ? PlanEnd.Hang : OneIn(6) && reports == 0 ? PlanEnd.Fail : PlanEnd.Complete;
        return new Plan(id, generations, end);
    }

    private Step MakeStep(bool mayHang, int depth, bool mayFan)
    {
        var step = new Step(Kind(depth, mayFan), NextId("s"));
        return step.Kind switch
        {
            StepKind.Activity => step with { Number = random.Next(100), Failures = OneIn(3) ? random.Next(3) : 0, Attempts = random.Next(1, 4), Seconds = Pause() },
            StepKind.Fan => step with { Parts = [.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => MakeStep(mayHang, depth, mayFan: false))] },
            StepKind.Timer => step with { Seconds = Delay() },
            StepKind.LostTimer => step with { Seconds = 100_000 + random.Next(1000), Number = random.Next(100) },
            StepKind.Loose => step with { Number = random.Next(100), Seconds = Pause() },
            // Waits of one name at the same time take their events in an order of their own: here each has its name.
            StepKind.Wait => step with { Name = mayFan ? "client" : $"client-{step.Id}", Number = random.Next(1, 4), Seconds = OneIn(2) ? Delay() : 0 },
            StepKind.Child => MakeChild(step, mayHang, depth),
            _ => step,
        };
    }

    private Step MakeChild(Step step, bool mayHang, int depth)
    {
        var isRetried = OneIn(6);
        var mail = !isRetried && OneIn(3) ? random.Next(1, 4) : 0;
        var reports = !isRetried && OneIn(3) ? random.Next(1, 4) : 0;
        var child = WithoutClients(Make(mayHang && !isRetried, depth + 1, isRetried, mail, reports));
        return step with
        {
            Child = child,
            Number = mail,
            Failures = reports,
            Attempts = isRetried ? random.Next(1, 4) : 1,
            HasId = mail > 0 || OneIn(2),
        };
    }

    /// <summary>A client knows the roots only.</summary>
    private static Plan WithoutClients(Plan plan) => plan with { Generations = [.. plan.Generations.Select(steps => steps.Select(WithoutClients).ToList())] };

    private static Step WithoutClients(Step step) => step switch
    {
        { Kind: StepKind.Wait, Name: not "mail" } => step with { Kind = StepKind.Status },
        { Kind: StepKind.Fan } => step with { Parts = [.. step.Parts.Select(WithoutClients)] },
        _ => step,
    };

    private StepKind Kind(int depth, bool mayFan) => random.Next(12) switch
    {
        0 or 1 => StepKind.Activity,
        2 => mayFan ? StepKind.Fan : StepKind.Activity,
        3 => StepKind.Timer,
        4 => StepKind.LostTimer,
        5 => mayFan ? StepKind.Loose : StepKind.Activity,
        6 or 7 or 8 => StepKind.Wait,
        9 or 10 => depth < 2 ? StepKind.Child : StepKind.Activity,
        _ => StepKind.Status,
    };

    private int Pause() => OneIn(3) ? random.Next(1, 30) : 0;

    private int Delay() => random.Next(5) switch
    {
        0 => 0,
        1 => random.Next(1, 2000),
        _ => random.Next(1, 20),
    };

    private bool OneIn(int count) => random.Next(count) == 0;

    private string NextId(string prefix) => $"{prefix}{++ids}";
}
