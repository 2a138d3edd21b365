using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class StateFileTests
{
    [Fact]
    public async Task A_second_owner_is_refused_by_name_and_told_what_to_do()
    {
        await using var engine = await TestEngine.StartAsync(_ => { });

        var refused = Assert.Throws<StateFileInUseException>(() => StateDatabase.Open(engine.StateFile));

        Assert.Contains(engine.StateFile, refused.Message, StringComparison.Ordinal);
        Assert.Contains("LocalHost__StateFile", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lock_ends_with_its_process_however_that_ends()
    {
        var folder = Directory.CreateTempSubdirectory("durable-");
        var file = Path.Combine(folder.FullName, "state.db");
        // flock(1) takes the lock as another process of ours would.
        using var holder = Process.Start(new ProcessStartInfo("flock", ["-F", "-x", file + ".lock", "sh", "-c", "echo held; exec sleep 600"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
        Assert.Throws<StateFileInUseException>(() => StateDatabase.Open(file));

        holder.Kill();
        await holder.WaitForExitAsync();

        StateDatabase.Open(file).Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_commit_is_synced_to_disk()
    {
        await using var engine = await TestEngine.StartAsync(_ => { });

        Assert.Equal("wal", engine.Engine.Parts.Database.Read(sql => sql.Scalar("PRAGMA journal_mode")));
        Assert.Equal(2L, engine.Engine.Parts.Database.Read(sql => sql.Scalar("PRAGMA synchronous")));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        await using var engine = await TestEngine.StartAsync(_ => { });
        engine.Engine.Parts.Database.Read(sql => sql.Execute("PRAGMA user_version = 99"));
        await engine.StopAsync();

        var refused = Assert.Throws<InvalidOperationException>(() => StateDatabase.Open(engine.StateFile));

        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_fails_leaves_the_file_free()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Wait", async (_, _, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return 0;
            })
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync<int>("Wait", 1)));
        await engine.RunAsync("Call", id: "calls");
        await engine.Client.WaitForInstanceStartAsync("calls");
        await engine.Engine.CrashAsync();
        SetDetail("{broken");

        await Assert.ThrowsAsync<System.Text.Json.JsonException>(() => engine.Engine.StartAsync(CancellationToken.None));
        SetDetail(null);
        await engine.Engine.StartAsync(CancellationToken.None);

        await engine.Client.TerminateInstanceAsync("calls");
        Assert.True((await engine.EndAsync("calls")).IsCompleted);

        void SetDetail(string? detail)
        {
            using var database = StateDatabase.Open(engine.StateFile);
            database.Writer.Execute("UPDATE Activities SET Detail = ?1", detail);
        }
    }

    [Fact]
    public async Task A_file_of_version_1_goes_on_where_it_stood()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddActivityFunc<string, string>("Greet", (_, name) => $"hello {name}")
            .AddOrchestratorFunc<string, string>("Wait", async (context, text) =>
                $"{text} {await context.WaitForExternalEvent<string>("go", TimeSpan.FromDays(3650))}")
            .AddOrchestratorFunc<string, string>("Call", (context, name) => context.CallActivityAsync<string>("Greet", name))
            .AddOrchestratorFunc<string, string>("Slept", (_, text) => text)
            .AddOrchestratorFunc<string, string>("Done", (_, text) => $"done {text}"));
        await engine.StopAsync();
        File.Delete(engine.StateFile);
        WriteVersion1(engine.StateFile);

        await engine.StartAsync();
        await engine.Client.RaiseEventAsync("waiting", "go", "now");
        await engine.Client.ResumeInstanceAsync("suspended");
        var outputs = new List<string?>();
        foreach (var id in new[] { "waiting", "suspended", "calling", "ended" })
            outputs.Add((await engine.EndAsync(id)).ReadOutputAs<string>());

        Assert.Equal(["came now", "held later", "hello world", "done work"], outputs);
        Assert.Equal("late", (await engine.GetAsync("scheduled")).ReadInputAs<string>());
        Assert.NotNull(engine.Monitor.NextTimer);
        Assert.Equal("new", (await engine.RunToEndAsync("Slept", "new")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Many_instances_share_one_commit()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Double", (_, n) => n * 2)
            .AddOrchestratorFunc<int, int>("Call", async (context, n) => await context.CallActivityAsync<int>("Double", n)));

        var runs = await Task.WhenAll(Enumerable.Range(0, 300).Select(n => engine.RunAsync("Call", n)));
        foreach (var id in runs)
            await engine.EndAsync(id);

        // A start and two turns each.
        Assert.True(engine.Engine.Parts.Commits.Transactions * 3 < 900, $"{engine.Engine.Parts.Commits.Transactions} transactions");
    }

    private static void WriteVersion1(string file)
    {
        using var script = new StreamReader(typeof(StateFileTests).Assembly.GetManifestResourceStream("state-version1.sql")!);
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A file of the tests.
        command.CommandText = script.ReadToEnd();
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
