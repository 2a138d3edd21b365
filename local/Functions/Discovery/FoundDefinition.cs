using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Local.Functions.Discovery;

/// <summary>A found function as the worker's API shows it to middleware.</summary>
internal sealed class FoundDefinition(string name, MethodInfo method, TriggerKind kind, IReadOnlyList<BoundParameter> parameters) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. parameters.Select(bound => new FunctionParameter(bound.Name, bound.Type, bound.Parameter.HasDefaultValue, bound.Parameter.DefaultValue))];

    public override string PathToAssembly { get; } = method.Module.FullyQualifiedName;

    public override string EntryPoint { get; } = FoundFunction.Describe(method);

    public override string Id => Name;

    public override string Name { get; } = name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } = parameters
        .Where(bound => bound.Source is ParameterSource.Trigger or ParameterSource.DurableClient)
        .ToImmutableDictionary(
            bound => bound.Name,
            bound => (BindingMetadata)new FoundBinding(bound.Name, Type(bound.Source, kind), BindingDirection.In));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = kind is TriggerKind.Http
        ? ImmutableDictionary<string, BindingMetadata>.Empty.Add("$return", new FoundBinding("$return", "http", BindingDirection.Out))
        : ImmutableDictionary<string, BindingMetadata>.Empty;

    private static string Type(ParameterSource source, TriggerKind kind) => (source, kind) switch
    {
        (ParameterSource.DurableClient, _) => "durableClient",
        (_, TriggerKind.Http) => "httpTrigger",
        (_, TriggerKind.Timer) => "timerTrigger",
        (_, TriggerKind.Orchestration) => "orchestrationTrigger",
        _ => "activityTrigger",
    };

    private sealed class FoundBinding(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name { get; } = name;

        public override string Type { get; } = type;

        public override BindingDirection Direction { get; } = direction;
    }
}
