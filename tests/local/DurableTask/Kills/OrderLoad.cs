using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Local.DurableTask.Tests.Kills;

/// <summary>Clients of the engine that tell at once what was answered: "started", "told" and "ended", each with the instance.</summary>
internal sealed class OrderLoad(IServiceProvider services, TextWriter answers)
{
    private readonly DurableTaskClient client = services.GetRequiredService<DurableTaskClient>();

    /// <summary>One order after the other, for ever.</summary>
    public async Task RunAsync(string prefix)
    {
        for (var number = 1; ; number++)
        {
            var id = $"{prefix}-{number}";
            await client.ScheduleNewOrchestrationInstanceAsync(Order.Name, id, new StartOrchestrationOptions(id));
            await answers.WriteLineAsync($"started {id}");
            await client.RaiseEventAsync(id, "go", "now");
            await answers.WriteLineAsync($"told {id}");
            var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            await answers.WriteLineAsync($"ended {id} {ended.ReadOutputAs<string>()}");
        }
    }
}
