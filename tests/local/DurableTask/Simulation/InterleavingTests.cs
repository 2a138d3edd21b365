using DurableTask.Core.Exceptions;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>Orders of work in which the engine once went wrong, each found by trying many.</summary>
public sealed class InterleavingTests
{
    [Fact]
    public async Task An_event_that_is_accepted_while_a_result_is_put_on_disk_is_not_passed_over() => await EachOrderAsync(async (scheduler, onSeed) =>
    {
        var release = new TaskCompletionSource();
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks
                .AddActivityFunc<string?, string>("Work", async (_, _) =>
                {
                    await release.Task;
                    return "done";
                })
                .AddOrchestratorFunc("Both", async context =>
                {
                    var work = context.CallActivityAsync<string>("Work");
                    return await context.WaitForExternalEvent<string>("go") + await work;
                }),
            onSeed);
        var id = await engine.RunAsync("Both");
        await engine.Client.WaitForInstanceStartAsync(id);
        await engine.Client.SuspendInstanceAsync(id);

        await Task.WhenAll(
            scheduler.Start(() => engine.Client.RaiseEventAsync(id, "go", "all ")),
            scheduler.Start(() =>
            {
                release.SetResult();
                return Task.CompletedTask;
            }));
        await engine.Client.ResumeInstanceAsync(id);

        var ended = await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        Assert.Equal("all done", ended.ReadOutputAs<string>());
    });

    [Fact]
    public async Task A_start_is_not_refused_for_the_sake_of_one_that_a_crash_takes_back() => await EachOrderAsync(async (scheduler, onSeed) =>
    {
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never")),
            onSeed);
        _ = engine.StopStoreAt(1, CommitFault.StopBefore);

        var refusals = 0;
        async Task StartAsync()
        {
            try
            {
                await engine.RunAsync("Wait", id: "one");
            }
            catch (OrchestrationAlreadyExistsException)
            {
                refusals++;
            }
            catch (ObjectDisposedException)
            {
                // Nobody knows whether it was accepted.
            }
        }
        await Task.WhenAll(scheduler.Start(StartAsync), scheduler.Start(StartAsync));
        await engine.CrashAndRestartAsync();

        Assert.True(refusals == 0 || await engine.Client.GetInstanceAsync("one") is not null, "It was refused, and there is none.");
    });

    private static Task EachOrderAsync(Func<SeededScheduler, Action<LocalDurableTaskOptions>, Task> work) => Task.Run(() =>
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            SimulatedDisk? disk = null;
            SeededScheduler.Run(seed, scheduler => work(scheduler, options =>
            {
                options.Scheduling = scheduler.Engine;
                options.Vfs = SimulatedVfs.Name;
                disk ??= new SimulatedDisk(Path.GetDirectoryName(options.StateFile)!);
            }));
            disk?.Dispose();
        }
    });
}
