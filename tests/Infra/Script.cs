using System.Diagnostics;

namespace Orchestrator.Infra.Tests;

/// <summary>Runs a script of this repository as a pipeline would, with a stand-in of the Azure CLI (and of nothing else) first in its path.</summary>
internal static class Script
{
    /// <param name="folder">Where the stand-ins are, and where the script runs.</param>
    public static Task<(int Code, string Output, string Errors)> RunAsync(
        string script, DirectoryInfo folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, script), .. arguments]) { WorkingDirectory = folder.FullName };
        start.Environment["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Tool.RunAsync(start);
    }

    public static async Task StandInAsync(DirectoryInfo folder, string command, string text)
    {
        var path = Path.Combine(folder.FullName, command);
        await File.WriteAllTextAsync(path, text.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
