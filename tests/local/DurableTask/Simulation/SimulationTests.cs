using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>
/// Clients with random plans against an engine that is killed, loses power in the middle of writes, meets a disk that fails,
/// and is started again. Seeds from 1 to 1,000; ORCHESTRATOR_SIMULATION_SEEDS sets others, as start-count: 17-1 is seed 17
/// alone, with its story.
/// </summary>
public sealed class SimulationTests
{
    private const string Setting = "ORCHESTRATOR_SIMULATION_SEEDS";

    [Fact]
    public async Task Whatever_the_order_the_clock_the_disk_and_the_crashes_every_instance_ends_as_its_plan_says() => await Task.Run(() =>
    {
        var (first, count) = Seeds();
        var failures = new System.Collections.Concurrent.ConcurrentDictionary<int, string>();
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            if (Simulate(seed, withStory: count == 1).Failure is { } failure && failures.TryAdd(seed, failure) && failures.Count >= 5)
                loop.Stop();
        });

        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.OrderBy(failure => failure.Key).Select(failure =>
            $"Seed {failure.Key} fails; alone: {Setting}={failure.Key}-1 dotnet test tests/local/DurableTask --filter {nameof(SimulationTests)}\n{failure.Value}")));
    });

    [Fact]
    public async Task The_same_seed_makes_the_same_run() => await Task.Run(() =>
    {
        var traces = Enumerable.Range(1, 10).Select(seed => Simulate(seed).Trace).ToList();

        Assert.Equal(traces, Enumerable.Range(1, 10).Select(seed => Simulate(seed).Trace));
        Assert.Equal(traces.Count, traces.Distinct().Count());
    });

    private static (int First, int Count) Seeds()
    {
        var parts = (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } given ? given : "1-1000").Split('-');
        return (int.Parse(parts[0]), int.Parse(parts[1]));
    }

    private static (ulong Trace, string? Failure) Simulate(int seed, bool withStory = false)
    {
        var folder = Directory.CreateTempSubdirectory("simulation-");
        try
        {
            using var world = new SimulatedWorld(seed, folder.FullName) { Story = withStory ? [] : null };
            try
            {
                world.Run(() => RunAsync(world));
                return (world.Trace, null);
            }
            catch (Exception failure)
            {
                return (world.Trace, $"{string.Join('\n', world.Story ?? [])}\n{failure}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(SimulatedWorld world)
    {
        var maker = new PlanMaker(world.Random);
        var clients = Enumerable.Range(1, world.Random.Next(1, 6)).ToDictionary(n => $"root{n}", n => new SimulatedClient(world, maker, $"root{n}"));
        await Task.WhenAll(clients.Values.Select(client => world.Start(client.RunAsync)));

        await world.CalmDownAsync();
        await EndOrphansAsync(world, clients);
        world.CheckStore();
        if (world.OneIn(2))
        {
            await world.RestartAsync();
            await world.CalmDownAsync();
            world.CheckStore();
        }
        await PurgeAsync(world);
    }

    private static async Task EndOrphansAsync(SimulatedWorld world, Dictionary<string, SimulatedClient> clients)
    {
        const string Unfinished = """
            WITH RECURSIVE Line (Id, Parent, First) AS (
                SELECT InstanceId, ParentInstanceId, InstanceId FROM Instances WHERE Status NOT IN (1, 3, 5)
                UNION ALL SELECT Instances.InstanceId, Instances.ParentInstanceId, Line.First FROM Line JOIN Instances ON Instances.InstanceId = Line.Parent)
            SELECT First, Id FROM Line WHERE Parent IS NULL OR Parent NOT IN (SELECT InstanceId FROM Instances)
            """;
        while (world.Query(Unfinished, row => (Id: row.GetString(0), Root: row.GetString(1))) is { Count: > 0 } orphans)
        {
            Assert.DoesNotContain(orphans, orphan => clients.TryGetValue(orphan.Root, out var client) && !client.LeavesOrphans);
            foreach (var orphan in orphans)
                await world.CallAsync($"end {orphan.Id}", async client => { await client.TerminateInstanceAsync(orphan.Id, new TerminateInstanceOptions(null, true)); return true; });
            await world.CalmDownAsync();
        }
    }

    private static async Task PurgeAsync(SimulatedWorld world)
    {
        var count = world.Query("SELECT COUNT(*) FROM Instances", row => row.GetInt32(0))[0];
        var purged = await world.CallAsync("purge all", client => client.PurgeAllInstancesAsync(new PurgeInstancesFilter()));
        Assert.Equal(count, purged.PurgedInstanceCount);
        Assert.Equal(0, world.Query("SELECT (SELECT COUNT(*) FROM Instances) + (SELECT COUNT(*) FROM History)", row => row.GetInt32(0))[0]);
    }
}
