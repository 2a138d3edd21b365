namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>The command that starts a package: the configured one, else <c>dotnet X.dll</c> for its one runtimeconfig.</summary>
internal sealed record StartCommand(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Suffix = ".runtimeconfig.json";

    public static StartCommand For(SlotStart start)
    {
        if (!string.IsNullOrWhiteSpace(start.CommandLine)) return new StartCommand("/bin/sh", ["-c", "exec " + start.CommandLine]);
        var candidates = Directory.GetFiles(start.ContentRoot, "*" + Suffix);
        if (candidates.Length != 1)
        {
            throw new InvalidOperationException(
                $"The package needs exactly one *{Suffix} at its root, or appCommandLine in the configuration; it has {candidates.Length}.");
        }

        return new StartCommand("dotnet", [candidates[0][..^Suffix.Length] + ".dll"]);
    }
}
