using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Tests.Simulation;

namespace Orchestrator.Local.DurableTask.Tests.CrashPoints;

/// <summary>Something that clients do, and what it comes to wherever the process is killed in between.</summary>
/// <param name="Drive">Does it, and says what it came to.</param>
internal sealed record CrashScenario(string Expected, Action<DurableTaskRegistry> Tasks, Func<CrashClient, Task<string>> Drive);

/// <summary>A client that repeats each call until it is answered.</summary>
internal sealed class CrashClient(SimulatedWorld world)
{
    /// <param name="input">Tells this start from others of the id.</param>
    public Task StartAsync(string orchestrator, string id, string input = "", double seconds = 0) => world.CallAsync($"start {id}", async client =>
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true) is { } there && there.ReadInputAs<string>() == input)
            return true;
        DateTimeOffset? startAt = seconds > 0 ? world.Clock.GetUtcNow().AddSeconds(seconds) : null;
        await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id, startAt));
        return true;
    });

    public async Task RaiseAsync(string id, params int[] numbers)
    {
        foreach (var number in numbers)
            await CallAsync($"raise {number}", client => client.RaiseEventAsync(id, "number", number));
    }

    public Task CallAsync(string what, Func<DurableTaskClient, Task> call) => world.CallAsync(what, async client =>
    {
        await call(client);
        return true;
    });

    public Task PauseAsync(int seconds = 5) => world.DelayAsync(seconds);

    public Task<string> EndAsync(string id) => world.CallAsync($"wait for {id}", async client =>
    {
        var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        return end.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? end.ReadOutputAs<string>()! : $"{end.RuntimeStatus}";
    });

    public async Task<string> EndAllAsync(params string[] ids)
    {
        var ends = new List<string>();
        foreach (var id in ids)
            ends.Add(await EndAsync(id));
        return string.Join(", ", ends);
    }

    /// <summary>The ids of those that are there.</summary>
    public Task<string> ListAsync() => world.CallAsync("list", async client =>
    {
        var ids = new List<string>();
        await foreach (var instance in client.GetAllInstancesAsync())
            ids.Add(instance.InstanceId);
        return string.Join(' ', ids.Order(StringComparer.Ordinal));
    });
}
