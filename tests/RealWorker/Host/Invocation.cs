using Orchestrator.RealWorker.Host.Protocol;

namespace Orchestrator.RealWorker.Host;

/// <summary>One run of a function.</summary>
/// <param name="Client">What its durable clients are bound to.</param>
internal sealed record Invocation(IndexedFunction Function, TypedData Trigger, string Client)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>What stands in the parameters of an HTTP function's route.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();
}
