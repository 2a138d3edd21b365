using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class ContinueAsNewTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task The_next_execution_has_the_new_input_and_an_empty_history()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Increment", (_, n) => n + 1)
            .AddOrchestratorFunc<int, int>("Loop", async (context, n) =>
            {
                var next = await context.CallActivityAsync<int>("Increment", n);
                if (next < 50)
                    context.ContinueAsNew(next);
                return next;
            }));

        var run = await engine.RunToEndAsync("Loop", 0);

        Assert.Equal(50, run.ReadOutputAs<int>());
        Assert.Equal(49, run.ReadInputAs<int>());
        Assert.Equal(1, engine.Engine.Parts.Database.Read(sql => sql.Scalar("SELECT COUNT(*) FROM History WHERE Kind = 0")) as long?);
    }

    [Fact]
    public async Task No_event_is_lost_however_they_fall_durabletask_dotnet_387_durable_extension_67()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<List<int>, List<int>>("Collect", async (context, seen) =>
        {
            seen ??= [];
            seen.Add(await context.WaitForExternalEvent<int>("number"));
            if (seen.Count < 300)
                context.ContinueAsNew(seen);
            return seen;
        }));

        var id = await engine.RunAsync("Collect");
        await Task.WhenAll(Enumerable.Range(0, 300).Select(n => engine.Client.RaiseEventAsync(id, "number", n)));

        Assert.Equal(Enumerable.Range(0, 300), (await engine.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task Events_that_nobody_took_go_on_in_order_before_those_that_come_later()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<bool, List<int>>("Collect", async (context, second) =>
        {
            if (!second)
            {
                await context.WaitForExternalEvent<string>("go");
                context.ContinueAsNew(true);
                return [];
            }
            var numbers = new List<int>();
            while (numbers.Count < 4)
                numbers.Add(await context.WaitForExternalEvent<int>("number"));
            return numbers;
        }));

        var id = await engine.RunAsync("Collect", false);
        await engine.Client.RaiseEventAsync(id, "number", 1);
        await engine.Client.RaiseEventAsync(id, "number", 2);
        await engine.Client.SuspendInstanceAsync(id);
        await engine.Client.RaiseEventAsync(id, "go", "now");
        await engine.Client.RaiseEventAsync(id, "number", 3);
        await engine.Client.RaiseEventAsync(id, "number", 4);
        await engine.Client.ResumeInstanceAsync(id);

        Assert.Equal([1, 2, 3, 4], (await engine.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task Events_carried_over_twice_keep_their_order()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, string>("Collect", async (context, round) =>
        {
            await context.WaitForExternalEvent<int>("next");
            if (round < 3)
            {
                context.ContinueAsNew(round + 1);
                return "";
            }
            var letters = "";
            while (letters.Length < 4)
                letters += await context.WaitForExternalEvent<string>("letter");
            return letters;
        }));

        var id = await engine.RunAsync("Collect", 0);
        await engine.Client.SuspendInstanceAsync(id);
        foreach (var letter in new[] { "a", "b", "c", "d" })
        {
            await engine.Client.RaiseEventAsync(id, "letter", letter);
            await engine.Client.RaiseEventAsync(id, "next", 0);
        }
        await engine.Client.ResumeInstanceAsync(id);

        Assert.Equal("abcd", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Events_that_nobody_took_are_dropped_when_they_are_not_to_be_preserved()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<bool, string>("Drop", async (context, second) =>
        {
            if (second)
                return await context.WaitForExternalEvent<string>("number");
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew(true, preserveUnprocessedEvents: false);
            return "";
        }));

        var id = await engine.RunAsync("Drop", false);
        await engine.Client.RaiseEventAsync(id, "number", "old");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync(id, "go", "now");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync(id, "number", "new");

        Assert.Equal("new", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_custom_status_stays_and_the_version_may_change()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, string>("Upgrade", (context, n) =>
        {
            if (n == 0)
            {
                context.SetCustomStatus("set in the first");
                context.ContinueAsNew(new ContinueAsNewOptions { NewInput = 1, NewVersion = "2.0" });
            }
            return context.Version;
        }));

        var run = await engine.RunToEndAsync("Upgrade", 0);

        Assert.Equal("2.0", run.ReadOutputAs<string>());
        Assert.Equal("set in the first", run.ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task It_survives_a_kill_with_the_events_that_go_on()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, string>("Carry", async (context, n) =>
        {
            if (n == 1)
                return $"{await context.WaitForExternalEvent<string>("kept")} {await context.WaitForExternalEvent<string>("last")}";
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew(1);
            return "";
        }));
        var id = await engine.RunAsync("Carry", 0);
        await engine.Client.RaiseEventAsync(id, "kept", "carried");
        await engine.Client.RaiseEventAsync(id, "go", "now");

        await engine.CrashAndRestartAsync();
        await engine.IdleAsync();
        await engine.CrashAndRestartAsync();
        await engine.Client.RaiseEventAsync(id, "last", "end");

        Assert.Equal("carried end", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    public sealed class Warm() : ContinueAsNewTests(false);

    public sealed class Replayed() : ContinueAsNewTests(true);
}
