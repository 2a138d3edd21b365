using System.Diagnostics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask.Tests.Kills;

/// <summary>Ten kills; ORCHESTRATOR_KILLS sets another number.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task What_a_killed_engine_has_acknowledged_happens_and_happens_once()
    {
        var folder = Directory.CreateTempSubdirectory("killed-");
        try
        {
            var kills = int.Parse(Environment.GetEnvironmentVariable("ORCHESTRATOR_KILLS") is { Length: > 0 } given ? given : "10");
            var random = new Random(kills);
            var answers = new List<string>();
            for (var life = 1; life <= kills; life++)
                answers.AddRange(await RunUntilKilledAsync(folder.FullName, life, answersUntilKill: random.Next(1, 400)));

            await using var services = Order.Services(folder.FullName).BuildServiceProvider();
            foreach (var hosted in services.GetServices<IHostedService>())
                await hosted.StartAsync(CancellationToken.None);
            await EndAsync(services.GetRequiredService<DurableTaskClient>(), answers);

            await CheckAnswersAsync(services.GetRequiredService<DurableTaskClient>(), answers);
            CheckEffects(folder.FullName, answers, kills);
            CheckStore(services);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>What clients were answered before it died.</returns>
    private static async Task<List<string>> RunUntilKilledAsync(string folder, int life, int answersUntilKill)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet")
            {
                ArgumentList = { "exec", typeof(Program).Assembly.Location, folder, $"{life}" },
                UseShellExecute = false,
                RedirectStandardOutput = true,
            },
        };
        process.Start();
        var answers = new List<string>();
        try
        {
            // What it wrote before the kill is still in the pipe after it, line by line.
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } answer)
            {
                answers.Add(answer);
                if (answers.Count == answersUntilKill)
                    process.Kill();
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        Assert.True(answers.Count >= answersUntilKill, $"It ended by itself: {string.Join('\n', answers)}");
        return answers;
    }

    /// <summary>Tells those to go on of whom nobody knows whether they were told.</summary>
    private static async Task EndAsync(DurableTaskClient client, List<string> answers)
    {
        var told = Ids(answers, "told").ToHashSet(StringComparer.Ordinal);
        var orders = new List<string>();
        await foreach (var instance in client.GetAllInstancesAsync())
        {
            if (instance.Name == Order.Name)
                orders.Add(instance.InstanceId);
        }
        foreach (var id in orders.Where(id => !told.Contains(id)))
            await client.RaiseEventAsync(id, "go", "now");
        foreach (var id in orders)
        {
            var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(Order.Result(id), ended.ReadOutputAs<string>());
        }
    }

    private static async Task CheckAnswersAsync(DurableTaskClient client, List<string> answers)
    {
        foreach (var id in Ids(answers, "started"))
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await client.GetInstanceAsync(id))?.RuntimeStatus);
        Assert.All(answers.Where(answer => answer.StartsWith("ended", StringComparison.Ordinal)), answer =>
        {
            var parts = answer.Split(' ', 3);
            Assert.Equal(Order.Result(parts[1]), parts[2]);
        });
    }

    /// <summary>Each step took effect, and again only where a kill came before its outcome was on disk.</summary>
    private static void CheckEffects(string folder, List<string> answers, int kills)
    {
        var effects = File.ReadAllLines(Order.EffectsFile(folder)).CountBy(effect => effect).ToDictionary(StringComparer.Ordinal);
        foreach (var id in Ids(answers, "started"))
            Assert.All(Order.Steps, step => Assert.InRange(effects.GetValueOrDefault($"{id}/{step}"), 1, 1 + kills));
        Assert.InRange(effects.Values.Count(count => count > 1), 0, kills * 64);
    }

    private static void CheckStore(IServiceProvider services)
    {
        var database = services.GetRequiredService<DurableEngine>().Parts.Database;
        object Value(string sql) => database.Read(statements => statements.Scalar(sql))!;
        Assert.Equal("ok", Value("PRAGMA integrity_check"));
        Assert.Equal(0L, Value("SELECT COUNT(*) FROM Instances WHERE Status <> 1"));
        Assert.Equal(0L, Value("SELECT (SELECT COUNT(*) FROM Inbox) + (SELECT COUNT(*) FROM Activities) + (SELECT COUNT(*) FROM Timers)"));
        Assert.Equal(0L, Value("SELECT COUNT(*) FROM (SELECT 1 FROM History WHERE TaskId >= 0 GROUP BY InstanceKey, Kind, TaskId HAVING COUNT(*) > 1)"));
        Assert.Empty(ReplayChecker.Check(services));
    }

    private static IEnumerable<string> Ids(List<string> answers, string kind) =>
        answers.Where(answer => answer.StartsWith($"{kind} ", StringComparison.Ordinal)).Select(answer => answer.Split(' ')[1]);
}
