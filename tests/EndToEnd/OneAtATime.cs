namespace Orchestrator.EndToEnd;

/// <summary>Each demo wants the machine to itself: it holds a rate of requests and measures times.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "one demo at a time";
}
