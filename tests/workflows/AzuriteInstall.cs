using System.Diagnostics;

namespace Orchestrator.Workflows.Tests;

/// <summary>Finds Azurite below <c>local/azurite</c> and installs it from the lock file where it is missing, once for the process.</summary>
internal static class AzuriteInstall
{
    private static readonly Lazy<Task<IReadOnlyList<string>>> Begin = new(FindOrInstallAsync);

    /// <summary>The arguments of node that come before Azurite's own.</summary>
    public static Task<IReadOnlyList<string>> ArgumentsAsync() => Begin.Value;

    private static async Task<IReadOnlyList<string>> FindOrInstallAsync()
    {
        var folder = Path.Combine(RepositoryRoot(), "local", "azurite");
        var script = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        IReadOnlyList<string> begin = ["--require", Path.Combine(folder, "preload.cjs"), script];
        if (File.Exists(script)) return begin;

        using var install = Process.Start(new ProcessStartInfo("npm")
        {
            ArgumentList = { "ci", "--prefix", folder, "--no-audit", "--no-fund" },
            WorkingDirectory = folder,
        })!;
        await install.WaitForExitAsync();
        return install.ExitCode == 0 && File.Exists(script)
            ? begin
            : throw new InvalidOperationException($"npm ci in local/azurite ended with {install.ExitCode}.");
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests run below the repository's root.");
    }
}
