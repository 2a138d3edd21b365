using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Local.Functions.Invocation;

/// <summary>What a trigger hands to the function it starts.</summary>
internal sealed record InvocationRequest
{
    /// <summary>Makes the value of the trigger's parameter. Called last, so that middleware sees a conversion fail.</summary>
    public required Func<Type, object?> TriggerValue { get; init; }

    /// <summary>An orchestrator's input.</summary>
    public object? Input { get; init; }

    /// <summary>What came with the trigger, by name, in upper or lower case.</summary>
    public IReadOnlyDictionary<string, object?> BindingData { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>Runs before the middleware.</summary>
    public Action<FunctionContext>? Prepare { get; init; }
}
