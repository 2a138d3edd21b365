using System.Text.Json;
using Orchestrator.Local.Demo.Processes;

namespace Orchestrator.Local.Demo.Building;

/// <summary>Brings a fresh clone to where it can run, and does nothing where nothing changed.</summary>
internal sealed class Builder(Repository repository, Screen screen, string logs)
{
    public async Task PrepareAsync(bool build, CancellationToken cancellationToken)
    {
        await InstallAzuriteAsync(cancellationToken);
        foreach (var component in Component.All(repository))
        {
            if (build && !component.IsUpToDate(repository))
            {
                // No build servers: they would stay behind when the demo ends.
                await RunAsync($"Building {component.Name}",
                    new Command("dotnet", "dotnet", [.. component.Arguments, "--disable-build-servers", "--nologo", "-v", "quiet"], repository.Root),
                    cancellationToken);
                component.MarkBuilt(repository);
            }

            if (!File.Exists(component.Output))
            {
                throw new DemoException($"{component.Name} is not built: {component.Output} is missing. Leave out --no-build.");
            }
        }
    }

    private async Task InstallAzuriteAsync(CancellationToken cancellationToken)
    {
        var wanted = Version(repository.At("local", "azurite", "package.json"), "dependencies", "azurite");
        var installed = Path.Combine(repository.AzuriteModules, "azurite", "package.json");

        // npm writes the hidden lock file last: without it an installation was cut short.
        if (File.Exists(installed) && File.Exists(Path.Combine(repository.AzuriteModules, ".package-lock.json"))
            && Version(installed, "version") == wanted)
        {
            return;
        }

        await RunAsync($"Installing Azurite {wanted}",
            new Command("npm", "npm", ["ci", "--prefix", repository.At("local", "azurite"), "--no-audit", "--no-fund"], repository.Root),
            cancellationToken);
    }

    private static string? Version(string file, params string[] path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return path.Aggregate(document.RootElement, (element, name) => element.GetProperty(name)).GetString();
    }

    private async Task RunAsync(string what, Command command, CancellationToken cancellationToken)
    {
        screen.Say(what);
        await using var child = Child.Start(command, Path.Combine(logs, "build.log"));
        if (await child.WaitAsync(cancellationToken) != 0)
        {
            throw new DemoException($"{what} failed.{Environment.NewLine}{child.Tail()}");
        }
    }
}
