namespace Orchestrator.Workflows.Tests;

/// <summary>The repository that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) => folder is null
        ? throw new InvalidOperationException("The tests run below the repository's root.")
        : File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")) ? folder.FullName : Find(folder.Parent);
}
