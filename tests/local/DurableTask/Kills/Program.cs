using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Local.DurableTask.Tests.Kills;

/// <summary>The test assembly as a process that can be killed: an engine in the folder of the first argument, under load until it dies.</summary>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        var (folder, life) = (args[0], args[1]);
        await using var services = Order.Services(folder).BuildServiceProvider();
        foreach (var hosted in services.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        await using var answers = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var load = new OrderLoad(services, TextWriter.Synchronized(answers));
        await Task.WhenAll(Enumerable.Range(1, 16).Select(client => load.RunAsync($"{life}-{client}")));
    }
}
