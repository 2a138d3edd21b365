using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Local.DurableTask.Tests.Kills;

/// <summary>What the killed engine runs: every kind of step, each with an effect outside that outlives the process.</summary>
internal static class Order
{
    public const string Name = "Order";

    public static readonly string[] Steps = ["reserve", "item1", "item2", "item3", "ship", "bill"];

    public static string StateFile(string folder) => Path.Combine(folder, "state.db");

    public static string EffectsFile(string folder) => Path.Combine(folder, "effects");

    public static string Result(string id) => $"{id}: {string.Join(' ', Steps)}";

    public static IServiceCollection Services(string folder)
    {
        var effects = new Effects(EffectsFile(folder));
        return new ServiceCollection().AddLocalDurableTask(
            options => options.StateFile = StateFile(folder),
            tasks => tasks
                .AddActivityFunc<string, string>("Do", (_, step) => effects.Have(step))
                .AddOrchestratorFunc<string, string>("Ship", async (context, id) => await DoAsync(context, id, "ship"))
                .AddOrchestratorFunc<string, string>(Name, RunAsync));
    }

    private static async Task<string> RunAsync(TaskOrchestrationContext context, string id)
    {
        var reserved = await DoAsync(context, id, "reserve");
        await context.WaitForExternalEvent<string>("go", TimeSpan.FromDays(1));
        var items = await Task.WhenAll(new[] { "item1", "item2", "item3" }.Select(item => DoAsync(context, id, item)));
        var shipped = await context.CallSubOrchestratorAsync<string>("Ship", id, new SubOrchestrationOptions(instanceId: $"{id}-ship"));
        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        return $"{id}: {reserved} {string.Join(' ', items)} {shipped} {await DoAsync(context, id, "bill")}";
    }

    private static async Task<string> DoAsync(TaskOrchestrationContext context, string id, string step)
    {
        await context.CallActivityAsync<string>("Do", $"{id}/{step}");
        return step;
    }

    private sealed class Effects(string file)
    {
        private readonly Lock gate = new();

        public string Have(string step)
        {
            lock (gate)
                File.AppendAllText(file, step + '\n');
            return step;
        }
    }
}
