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
public sealed record BicepParameter(string Name, string Type, string? Default, string? Description)
{
    public bool IsRequired => Default is null && !Type.EndsWith('?');
}

public sealed record BicepVariable(string Name, string Value);

/// <param name="Type">With its version: <c>Microsoft.Web/sites@2025-03-01</c>.</param>
public sealed record BicepResource(string Name, string Type, bool IsExisting, string Body);

/// <param name="Path">From the root of the repository.</param>
/// <param name="Parameters">The names that it is given.</param>
public sealed record BicepModule(string Name, string Path, IReadOnlyList<string> Parameters);

public sealed record BicepOutput(string Name, string Value, string? Description);
