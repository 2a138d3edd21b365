using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Local.Demo.Building;

/// <summary>Something that the demo builds before it can run it, and knows to be up to date by the content of its sources.</summary>
/// <param name="Arguments">Of <c>dotnet</c>.</param>
/// <param name="Sources">Folders and files, relative to the repository.</param>
/// <param name="Output">The file that the build leaves.</param>
internal sealed record Component(string Name, string[] Arguments, string[] Sources, string Output)
{
    private static readonly string[] Shared =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig"];

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    public static IReadOnlyList<Component> All(Repository repository) =>
    [
        new("the functions app", ["build", "functions/Functions.csproj", "-c", repository.Configuration],
            ["functions", "workflows", "local/DurableTask", "local/Functions", "host.json"], repository.FunctionsAssembly),
        new("the Azure emulator", ["build", "local/AzureEmulator/AzureEmulator.csproj", "-c", repository.Configuration],
            ["local/AzureEmulator"], repository.EmulatorAssembly),
        Shop(repository, "v1"),
        Shop(repository, "v2"),
    ];

    public bool IsUpToDate(Repository repository) =>
        File.Exists(Output) && File.Exists(StampFile(repository)) && File.ReadAllText(StampFile(repository)) == Stamp(repository);

    public void MarkBuilt(Repository repository)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StampFile(repository))!);
        File.WriteAllText(StampFile(repository), Stamp(repository));
    }

    private static Component Shop(Repository repository, string version) => new($"shop {version}",
        ["publish", "samples/Shop/Shop.csproj", $"-p:ShopVersion={version}"], ["samples/Shop"], repository.ShopPackage(version));

    private string StampFile(Repository repository) => Path.Combine(repository.Artifacts, "stamps", repository.Configuration, $"{Name}.sha256");

    /// <summary>A hash over the path and content of every source. Times play no part: a fresh checkout of the same files is the same.</summary>
    private string Stamp(Repository repository)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Sources.Concat(Shared).SelectMany(source => Files(repository, source)).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(repository.Root, file) + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(Repository repository, string source)
    {
        var path = repository.At(source);
        if (!Directory.Exists(path))
        {
            return [path];
        }

        return Directory.EnumerateFiles(path, "*", Everything)
            .Where(file => !Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or "node_modules" || part.StartsWith('.')));
    }
}
