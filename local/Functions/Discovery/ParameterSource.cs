using System.Reflection;

namespace Orchestrator.Local.Functions.Discovery;

/// <summary>Where a parameter's value comes from.</summary>
internal enum ParameterSource
{
    /// <summary>The trigger's own value: request, timer, orchestration context or activity input.</summary>
    Trigger,

    /// <summary>The input of an orchestrator.</summary>
    Input,

    /// <summary>What came with the trigger, by the parameter's name: a route value, an activity's instance id.</summary>
    BindingData,
    DurableClient,
    FunctionContext,
    CancellationToken,
}

internal sealed record BoundParameter(ParameterInfo Parameter, ParameterSource Source)
{
    public string Name => Parameter.Name!;

    public Type Type => Parameter.ParameterType;
}
