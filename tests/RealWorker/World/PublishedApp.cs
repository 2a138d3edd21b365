using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;

namespace Orchestrator.RealWorker.World;

/// <summary>The app as docs/azure.md publishes it, for the back end that needs no further package.</summary>
internal static class PublishedApp
{
    public static string LogFolder(Repository repository) => repository.At("artifacts", "real-worker");

    /// <returns>The folder that is zipped and deployed.</returns>
    public static async Task<string> PublishAsync(Repository repository, CancellationToken cancellationToken)
    {
        var logs = LogFolder(repository);
        var folder = Path.Combine(logs, "app");
        // What an earlier publish left there must not make this one look complete, nor its logs like those of this run.
        if (Directory.Exists(logs)) Directory.Delete(logs, recursive: true);
        Directory.CreateDirectory(logs);

        await using var publish = Child.Start(
            new Command("dotnet publish", "dotnet", ["publish", "functions", "-c", "Release", "-p:FunctionsHost=Azure", "-o", folder, "--disable-build-servers", "--nologo", "-v", "quiet"], repository.Root),
            Path.Combine(logs, "publish.log"));
        return await publish.WaitAsync(cancellationToken) == 0 ? folder : throw new DemoException($"The app could not be published.{Environment.NewLine}{publish.Tail()}");
    }
}
