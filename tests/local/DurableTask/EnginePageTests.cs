using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>What docs/engine.md says is so.</summary>
public sealed partial class EnginePageTests
{
    [Fact]
    public async Task Its_queries_find_what_an_instance_waits_for()
    {
        var release = new TaskCompletionSource();
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddActivityFunc("Hold", _ => release.Task)
            .AddOrchestratorFunc("Child", context => context.WaitForExternalEvent<string>("never"))
            .AddOrchestratorFunc("Run", context => Task.WhenAll(
                context.CallActivityAsync("Hold"),
                context.CallSubOrchestratorAsync("Child", new SubOrchestrationOptions(instanceId: "child")),
                context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None))));
        await engine.RunAsync("Run", id: "the-id");
        await engine.Client.WaitForInstanceStartAsync("the-id");

        var rows = Queries().SelectMany(query => Read(engine.StateFile, query)).ToList();
        release.SetResult();

        Assert.Contains(rows, row => row.StartsWith("the-id|Run||0|2026-03-01 08:00:00", StringComparison.Ordinal));
        Assert.Contains("the-id|activity Hold|1", rows);
        Assert.Contains("the-id|timer 2026-03-02 08:00:00|", rows);
        Assert.Contains("the-id|sub-orchestration child|", rows);
        Assert.Contains(rows, row => row.StartsWith("1|2026-03-01 08:00:00|4|0|Hold|", StringComparison.Ordinal));
    }

    [Fact]
    public void It_names_every_setting_and_every_log_id()
    {
        var page = Page();

        Assert.All(
            typeof(LocalDurableTaskOptions).GetProperties().Select(property => property.Name).Where(name => name != nameof(LocalDurableTaskOptions.DataConverter)),
            name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
        var ids = typeof(EngineLog).GetMethods().SelectMany(method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), false)).Cast<LoggerMessageAttribute>();
        Assert.Contains($"ids {ids.Min(log => log.EventId)} to {ids.Max(log => log.EventId)}", page, StringComparison.Ordinal);
    }

    private static string Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "engine.md"));
    }

    private static IEnumerable<string> Queries() => SqlBlock().Match(Page()).Groups[1].Value.Split(";\n", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>As an operator does, from outside the engine.</summary>
    private static List<string> Read(string stateFile, string query)
    {
        using var connection = new SqliteConnection($"Data Source={stateFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The page's own queries.
        command.CommandText = query;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
            lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(column => rows.IsDBNull(column) ? "" : rows.GetString(column))));
        return lines;
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();
}
