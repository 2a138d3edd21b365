using System.Reflection;

namespace Orchestrator.Functions.Health;

/// <summary>Which build of the app this is.</summary>
internal static class Build
{
    /// <summary>What was said with <c>-p:InformationalVersion</c>; the project's own version where nothing was.</summary>
    public static string Version { get; } = typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
