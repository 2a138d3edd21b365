namespace Orchestrator.Infra.Tests.Bicep;

/// <summary>What a Bicep file declares, as far as its structure goes: expressions stay text.</summary>
/// <param name="Path">From the root of the repository.</param>
public sealed record BicepFile(
    string Path,
    IReadOnlyList<BicepParameter> Parameters,
    IReadOnlyList<BicepVariable> Variables,
    IReadOnlyList<BicepResource> Resources,
    IReadOnlyList<BicepModule> Modules,
    IReadOnlyList<BicepOutput> Outputs,
    string Text);

/// <param name="Default">Null where a value has to be given, or where the type takes null.</param>
/// <param name="Decorators">As they stand, with their <c>@</c>.</param>
public sealed record BicepParameter(string Name, string Type, string? Default, string? Description, IReadOnlyList<string> Decorators)
{
    public bool IsRequired => Default is null && !Type.EndsWith('?');

    /// <returns>What stands between the brackets of <c>@name(…)</c>; null where it has no such decorator.</returns>
    public string? Decoration(string name) =>
        Decorators.Where(d => d.StartsWith($"@{name}(", StringComparison.Ordinal)).Select(d => d[(name.Length + 2)..^1]).SingleOrDefault();
}

public sealed record BicepVariable(string Name, string Value);

/// <param name="Type">With its version: <c>Microsoft.Web/sites@2025-03-01</c>.</param>
public sealed record BicepResource(string Name, string Type, bool IsExisting, string Body);

/// <param name="Path">From the root of the repository.</param>
/// <param name="Parameters">The names that it is given.</param>
public sealed record BicepModule(string Name, string Path, IReadOnlyList<string> Parameters);

public sealed record BicepOutput(string Name, string Value, string? Description);
