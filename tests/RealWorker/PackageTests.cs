using System.IO.Compression;
using System.Text.Json;
using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

/// <summary>What docs/azure.md zips and deploys. The zip is of everything below the folder, as <c>zip -r .</c> makes it, names with a leading dot too.</summary>
[Collection(RealAppCollection.Name)]
public sealed class PackageTests(RealApp app)
{
    [Theory]
    [InlineData("host.json")]
    [InlineData("worker.config.json")]
    [InlineData("functions.metadata")]
    [InlineData("extensions.json")]
    [InlineData(".azurefunctions/function.deps.json")]
    [InlineData("Orchestrator.Functions.dll")]
    [InlineData("Orchestrator.Functions.deps.json")]
    [InlineData("Orchestrator.Functions.runtimeconfig.json")]
    public void What_the_host_looks_for_is_in_the_package(string file) => Assert.Contains(file, Files());

    [Fact]
    public void Every_extension_that_the_host_is_told_to_load_is_in_the_package()
    {
        using var extensions = JsonDocument.Parse(File.ReadAllText(Path.Combine(app.Folder, "extensions.json")));

        var wanted = extensions.RootElement.GetProperty("extensions").EnumerateArray().Select(extension => extension.GetProperty("hintPath").GetString()![2..]).ToList();

        Assert.Contains(wanted, path => path.Contains("DurableTask", StringComparison.Ordinal));
        Assert.Superset(wanted.ToHashSet(), Files());
    }

    [Fact]
    public void Settings_of_a_developers_machine_stay_there() => Assert.DoesNotContain("local.settings.json", Files());

    private HashSet<string> Files()
    {
        using var bytes = new MemoryStream();
        ZipFile.CreateFromDirectory(app.Folder, bytes);
        bytes.Position = 0;
        using var zip = new ZipArchive(bytes);
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }
}
