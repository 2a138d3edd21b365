using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.DurableTask;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>The engine as a host runs it, with its default settings, on a state file.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private EngineUnderTest(ServiceProvider services) => this.services = services;

    public DurableTaskClient Client => services.GetRequiredService<DurableTaskClient>();

    public long Transactions => services.GetRequiredService<DurableEngine>().Parts.Commits.Transactions;

    public static async Task<EngineUnderTest> StartAsync(string stateFile)
    {
        var services = new ServiceCollection()
            .AddLocalDurableTask(options => options.StateFile = stateFile, Workloads.AddTo)
            .BuildServiceProvider();
        await services.GetRequiredService<DurableEngine>().StartAsync(CancellationToken.None);
        return new EngineUnderTest(services);
    }

    public Task<string> StartAsync(TaskName orchestrator, object? input = null, string? id = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id));

    public Task IdleAsync() => services.GetRequiredService<IEngineMonitor>().WhenIdleAsync();

    /// <exception cref="InvalidOperationException">It did not complete: a figure of what failed would mean nothing.</exception>
    public async Task EndAsync(string id)
    {
        var ended = await Client.WaitForInstanceCompletionAsync(id);
        if (ended.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
            throw new InvalidOperationException($"The benchmark's instance did not complete: {ended}");
    }

    public async Task RunToEndAsync(TaskName orchestrator, object? input = null) => await EndAsync(await StartAsync(orchestrator, input));

    public async ValueTask DisposeAsync()
    {
        await services.GetRequiredService<DurableEngine>().StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }
}
