using Orchestrator.Infra.Tests.Bicep;

namespace Orchestrator.Infra.Tests;

/// <summary>Every Bicep file of infra/, read once.</summary>
internal static class Templates
{
    public static IReadOnlyList<BicepFile> All { get; } =
        [.. Repository.Files("infra", "*.bicep").Select(path => BicepReader.Read(path, Repository.Read(path)))];

    public static BicepFile Of(string path) => All.Single(file => file.Path == path);
}
