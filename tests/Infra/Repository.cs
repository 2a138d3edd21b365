namespace Orchestrator.Infra.Tests;

/// <summary>The files of this repository, as they stand.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <returns>Paths from the root, with slashes, in order.</returns>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path));

    private static string Find(string folder)
    {
        if (File.Exists(Path.Combine(folder, "Orchestrator.sln")))
            return folder;
        return Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Orchestrator.sln above the tests."));
    }
}
