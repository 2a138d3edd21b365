using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class SdkBuilderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_plain_generic_host_needs_nothing_but_the_sdk_s_own_calls()
    {
        using var host = Build(
            worker => worker.AddTasks(tasks => tasks
                .AddActivity<Greet>()
                .AddOrchestratorFunc<string, string>("Hello", (context, name) => context.CallActivityAsync<string>(nameof(Greet), name))),
            services => services.AddSingleton("Hello"));
        await host.StartAsync();
        var client = host.Services.GetRequiredService<DurableTaskClient>();

        var id = await client.ScheduleNewOrchestrationInstanceAsync("Hello", "shop");
        var run = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

        Assert.Equal("Hello shop", run.ReadOutputAs<string>());
        Assert.Same(client, host.Services.GetRequiredService<IDurableTaskClientProvider>().GetClient());
        await host.StopAsync();
    }

    [Theory]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.None, "3.0", true)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.Strict, "2.0", true)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.Strict, "1.0", false)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, "1.0", true)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, "3.0", false)]
    public async Task A_version_that_does_not_match_fails_where_it_is_to(DurableTaskWorkerOptions.VersionMatchStrategy strategy, string version, bool runs)
    {
        using var host = Build(worker => worker
            .AddTasks(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"))
            .UseVersioning(new DurableTaskWorkerOptions.VersioningOptions
            {
                Version = "2.0",
                MatchStrategy = strategy,
                FailureStrategy = DurableTaskWorkerOptions.VersionFailureStrategy.Fail,
            }));
        await host.StartAsync();
        var client = host.Services.GetRequiredService<DurableTaskClient>();

        var id = await client.ScheduleNewOrchestrationInstanceAsync("Run", new StartOrchestrationOptions { Version = version });
        var run = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

        Assert.Equal(runs ? null : "VersionMismatch", run.FailureDetails?.ErrorType);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_rejected_instance_waits_for_a_worker_of_its_version()
    {
        await RunAsync("1.0", DurableTaskWorkerOptions.VersionMatchStrategy.Strict, async client =>
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Run", new StartOrchestrationOptions("newer") { Version = "2.0" });
            await client.ScheduleNewOrchestrationInstanceAsync("Run", new StartOrchestrationOptions("own") { Version = "1.0" });
            await client.WaitForInstanceCompletionAsync("own");
            Assert.Equal(OrchestrationRuntimeStatus.Pending, (await client.GetInstanceAsync("newer"))!.RuntimeStatus);
        });

        await RunAsync("2.0", DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, async client =>
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await client.WaitForInstanceCompletionAsync("newer")).RuntimeStatus));

        async Task RunAsync(string version, DurableTaskWorkerOptions.VersionMatchStrategy strategy, Func<DurableTaskClient, Task> check)
        {
            using var host = Build(worker => worker
                .AddTasks(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"))
                .UseVersioning(new DurableTaskWorkerOptions.VersioningOptions { Version = version, MatchStrategy = strategy }));
            await host.StartAsync();
            await check(host.Services.GetRequiredService<DurableTaskClient>());
            await host.StopAsync();
        }
    }

    private IHost Build(Action<IDurableTaskWorkerBuilder> worker, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDurableTaskWorker(worker).AddDurableTaskClient(_ => { });
        builder.Services.Configure<LocalDurableTaskOptions>(options => options.StateFile = Path.Combine(folder.FullName, "state.db"));
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class Greet(string word) : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input) => Task.FromResult($"{word} {input}");
    }
}
