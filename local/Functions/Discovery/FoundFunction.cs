using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Orchestrator.Local.Functions.Discovery;

/// <summary>A method with <see cref="FunctionAttribute"/>, checked and ready to run.</summary>
internal sealed class FoundFunction(
    string name, MethodInfo method, TriggerKind kind, TriggerBindingAttribute trigger, IReadOnlyList<BoundParameter> parameters)
{
    public string Name { get; } = name;

    public MethodInfo Method { get; } = method;

    public TriggerKind Kind { get; } = kind;

    public TriggerBindingAttribute Trigger { get; } = trigger;

    public IReadOnlyList<BoundParameter> Parameters { get; } = parameters;

    public FunctionDefinition Definition { get; } = new FoundDefinition(name, method, kind, parameters);

    /// <summary>The name that orchestrators and clients call it by.</summary>
    public string TaskName => Trigger switch
    {
        OrchestrationTriggerAttribute { Orchestration: { Length: > 0 } orchestration } => orchestration,
        ActivityTriggerAttribute { Activity: { Length: > 0 } activity } => activity,
        _ => Name,
    };

    /// <summary>For people: the declaring type and the method.</summary>
    public string Place => Describe(Method);

    public static string Describe(MethodInfo method) => $"{method.DeclaringType!.FullName}.{method.Name}";
}
