using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Local.DurableTask.Storage;
using Orchestrator.Local.DurableTask.Tests.Simulation;

namespace Orchestrator.Local.DurableTask.Tests.CrashPoints;

/// <summary>Kills the engine at its first transaction, then at its second, and so on, and requires the same end each time.</summary>
public sealed class CrashPointTests
{
    public static TheoryData<string, bool> Scenarios()
    {
        var data = new TheoryData<string, bool>();
        foreach (var name in CrashScenarios.All.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }
        return data;
    }

    [Theory, MemberData(nameof(Scenarios))]
    public async Task A_transaction_that_is_lost_changes_nothing_in_the_end(string scenario, bool replayFromStart) =>
        await CrashEverywhereAsync(scenario, CommitFault.StopBefore, replayFromStart);

    [Theory, MemberData(nameof(Scenarios))]
    public async Task A_transaction_that_nobody_heard_of_changes_nothing_in_the_end(string scenario, bool replayFromStart) =>
        await CrashEverywhereAsync(scenario, CommitFault.StopAfter, replayFromStart);

    private static Task CrashEverywhereAsync(string name, CommitFault fault, bool replayFromStart) => Task.Run(() =>
    {
        var scenario = CrashScenarios.All[name];
        // Each seed is another order of work and another grouping of the writes.
        for (var seed = 1; seed <= 4; seed++)
        {
            var transaction = 2;
            while (CrashesAt(new CrashPoint(seed, transaction, fault, replayFromStart), scenario))
                transaction++;

            Assert.True(transaction > 4, $"only {transaction} transactions");
        }
    });

    /// <returns>False when it ended before the transaction at which it was to stop.</returns>
    private static bool CrashesAt(CrashPoint point, CrashScenario scenario)
    {
        var folder = Directory.CreateTempSubdirectory("crash-");
        try
        {
            using var services = new ServiceCollection().BuildServiceProvider();
            var registry = new DurableTaskRegistry();
            scenario.Tasks(registry);
            var invoker = new RegistryInvoker(services, Options.Create(registry), Options.Create(new LocalDurableTaskOptions()), NullLoggerFactory.Instance);
            using var world = new SimulatedWorld(point, folder.FullName, invoker);
            var outcome = "";
            world.Run(
                async () =>
                {
                    outcome = await scenario.Drive(new CrashClient(world));
                    await world.CalmDownAsync();
                },
                world.CheckStore);

            Assert.Equal(scenario.Expected, outcome);
            return world.Lives > 1;
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"It fails with {point}.", cause);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
