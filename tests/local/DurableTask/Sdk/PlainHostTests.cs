using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

/// <summary>Hosts that know of nothing but the SDK.</summary>
public sealed class PlainHostTests
{
    [Fact]
    public async Task Hosts_side_by_side_that_name_no_state_file_do_not_meet()
    {
        using var first = Build("first");
        using var second = Build("second");
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        var runs = await Task.WhenAll(new[] { first, second, first, second }.Select(RunAsync));

        Assert.Equal("first second first second", string.Join(' ', runs));
        await Task.WhenAll(first.StopAsync(), second.StopAsync());
    }

    [Fact]
    public async Task The_configuration_says_where_the_state_is()
    {
        var folder = Directory.CreateTempSubdirectory("durable-");
        var file = Path.Combine(folder.FullName, "configured.db");
        using (var host = Build("run", file))
        {
            await host.StartAsync();
            Assert.Equal("run", await RunAsync(host));
            await host.StopAsync();
        }

        Assert.True(File.Exists(file));
        folder.Delete(recursive: true);
    }

    private static IHost Build(string output, string? stateFile = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("LocalHost:StateFile", stateFile)]);
        builder.Services.AddDurableTaskWorker(worker => worker.AddTasks(tasks => tasks.AddOrchestratorFunc("Run", _ => output)));
        builder.Services.AddDurableTaskClient(_ => { });
        return builder.Build();
    }

    private static async Task<string?> RunAsync(IHost host)
    {
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Run");
        return (await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(20))).ReadOutputAs<string>();
    }
}
