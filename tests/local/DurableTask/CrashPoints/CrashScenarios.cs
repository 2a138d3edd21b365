using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests.CrashPoints;

internal static class CrashScenarios
{
    public static IReadOnlyDictionary<string, CrashScenario> All { get; } = new Dictionary<string, CrashScenario>
    {
        ["fan-out"] = new("1+2+3+4+5", tasks => tasks
            .AddActivityFunc<int, int>("Same", (_, n) => n)
            .AddOrchestratorFunc<string, string>("Fan", async (context, _) =>
                string.Join('+', await Task.WhenAll(Enumerable.Range(1, 5).Select(n => context.CallActivityAsync<int>("Same", n))))),
            client => RunAsync(client, "Fan")),

        ["sub-orchestrations"] = new("2 3 3", tasks => tasks
            .AddActivityFunc<int, int>("Next", (_, n) => n + 1)
            .AddOrchestratorFunc<int, int>("Leaf", (context, n) => context.CallActivityAsync<int>("Next", n))
            .AddOrchestratorFunc<int, int>("Branch", async (context, n) => await context.CallSubOrchestratorAsync<int>("Leaf", n + 1))
            .AddOrchestratorFunc<string, string>("Tree", async (context, _) => string.Join(' ', await Task.WhenAll(
                context.CallSubOrchestratorAsync<int>("Leaf", 1, new SubOrchestrationOptions(instanceId: "leaf")),
                context.CallSubOrchestratorAsync<int>("Branch", 1, new SubOrchestrationOptions(instanceId: "branch")),
                context.CallSubOrchestratorAsync<int>("Leaf", 2)))),
            client => RunAsync(client, "Tree")),

        ["sub-orchestrations that fail"] = new("caught", tasks => tasks
            .AddActivityFunc<int, int>("Break", (_, _) => Break<int>())
            .AddOrchestratorFunc<int, int>("Child", (context, n) => context.CallActivityAsync<int>("Break", n))
            .AddOrchestratorFunc<string, string>("Parent", async (context, _) =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync<int>("Child", 1);
                    return "not caught";
                }
                catch (TaskFailedException failed) when (failed.FailureDetails.InnerFailure is { ErrorMessage: "broken" })
                {
                    return "caught";
                }
            }),
            client => RunAsync(client, "Parent")),

        ["continue-as-new with events"] = new("1 2 3 4", tasks => tasks
            .AddOrchestratorFunc<string, string>("Collect", async (context, collected) =>
            {
                var number = await context.WaitForExternalEvent<int>("number");
                // Who does not know whether an event was accepted sends it again.
                var next = collected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append($"{number}").Distinct().ToList();
                if (next.Count < 4)
                    context.ContinueAsNew(string.Join(' ', next));
                return string.Join(' ', next);
            }),
            async client =>
            {
                await client.StartAsync("Collect", "one");
                await client.RaiseAsync("one", 1, 2, 3, 4);
                return await client.EndAsync("one");
            }),

        ["timers"] = new("slept", tasks => tasks
            .AddOrchestratorFunc<string, string>("Sleep", async (context, _) =>
            {
                await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                await Task.WhenAll(new[] { 3, 1, 2 }.Select(minutes => context.CreateTimer(TimeSpan.FromMinutes(minutes), CancellationToken.None)));
                return "slept";
            }),
            client => RunAsync(client, "Sleep")),

        ["cancelled timers"] = new("1, late 2", tasks => tasks
            .AddActivityFunc<int, int>("Same", (_, n) => n)
            .AddOrchestratorFunc<string, string>("Race", async (context, _) =>
            {
                using var cancellation = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromDays(1), cancellation.Token);
                var first = await context.CallActivityAsync<int>("Same", 1);
#pragma warning disable CA1849 // An asynchronous cancellation would leave the orchestrator's thread.
                cancellation.Cancel();
#pragma warning restore CA1849
                try
                {
                    await context.WaitForExternalEvent<int>("number", TimeSpan.FromSeconds(1));
                    return "early";
                }
                catch (OperationCanceledException)
                {
                    return $"{first}, late {await context.WaitForExternalEvent<int>("number", TimeSpan.FromDays(1))}";
                }
            }),
            async client =>
            {
                await client.StartAsync("Race", "one");
                await client.PauseAsync(100);
                await client.RaiseAsync("one", 2);
                return await client.EndAsync("one");
            }),

        ["events before the start"] = new("1 2 3", tasks => tasks
            .AddOrchestratorFunc<string, string>("Three", ThreeAsync),
            async client =>
            {
                await client.StartAsync("Three", "one", seconds: 600);
                await client.RaiseAsync("one", 1, 2, 3);
                return await client.EndAsync("one");
            }),

        ["a scheduled start"] = new("started", tasks => tasks
            .AddActivityFunc<int, int>("Same", (_, n) => n)
            .AddOrchestratorFunc<string, string>("Start", async (context, _) =>
            {
                await context.CallActivityAsync<int>("Same", 1);
                return "started";
            }),
            client => RunAsync(client, "Start", seconds: 600)),

        ["suspend and resume with held events"] = new("1 2 3 done", tasks => tasks
            .AddActivityFunc<int, string>("Work", (_, _) => "done")
            .AddOrchestratorFunc<string, string>("Hold", async (context, input) =>
            {
                var work = context.CallActivityAsync<string>("Work", 1);
                var timer = context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None);
                var numbers = await ThreeAsync(context, input);
                await timer;
                return $"{numbers} {await work}";
            }),
            async client =>
            {
                await client.StartAsync("Hold", "one");
                await client.CallAsync("suspend", sdk => sdk.SuspendInstanceAsync("one"));
                await client.RaiseAsync("one", 1, 2);
                await client.PauseAsync();
                await client.CallAsync("resume", sdk => sdk.ResumeInstanceAsync("one"));
                await client.RaiseAsync("one", 3);
                return await client.EndAsync("one");
            }),

        ["terminate with sub-orchestrations"] = new("Terminated, Terminated, Terminated", tasks => tasks
            .AddOrchestratorFunc<string, string>("Parent", (context, _) => ChildAsync(context, "Child", "child"))
            .AddOrchestratorFunc<string, string>("Child", (context, _) => ChildAsync(context, "Grandchild", "grandchild"))
            .AddOrchestratorFunc<string, string>("Grandchild", (context, _) => context.WaitForExternalEvent<string>("never")),
            async client =>
            {
                await client.StartAsync("Parent", "one");
                await client.PauseAsync();
                await client.CallAsync("terminate", sdk => sdk.TerminateInstanceAsync("one", new TerminateInstanceOptions(null, Recursive: true)));
                return await client.EndAllAsync("one", "child", "grandchild");
            }),

        ["purge of one"] = new("two", EndAtOnce, async client =>
        {
            await client.StartAsync("End", "one");
            await client.StartAsync("End", "two");
            await client.EndAllAsync("one", "two");
            await client.CallAsync("purge", sdk => sdk.PurgeInstanceAsync("one"));
            return await client.ListAsync();
        }),

        ["purge by filter"] = new("", EndAtOnce, async client =>
        {
            foreach (var id in new[] { "one", "two", "three" })
            {
                await client.StartAsync("End", id);
                await client.EndAsync(id);
            }
            await client.CallAsync("purge", sdk => sdk.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed])));
            return await client.ListAsync();
        }),

        ["purge with sub-orchestrations"] = new("other", tasks => tasks
            .AddActivityFunc<int, string>("Work", (_, _) => "done")
            .AddOrchestratorFunc<string, string>("Parent", (context, _) => ChildAsync(context, "Child", $"{context.InstanceId}-child"))
            .AddOrchestratorFunc<string, string>("Child", (context, _) => context.CallActivityAsync<string>("Work", 1)),
            async client =>
            {
                await client.StartAsync("Child", "other");
                await client.StartAsync("Parent", "one");
                await client.EndAllAsync("other", "one");
                await client.CallAsync("purge", sdk => sdk.PurgeInstanceAsync("one", new PurgeInstanceOptions(Recursive: true)));
                return await client.ListAsync();
            }),

        ["retries"] = new("gave up, done", tasks => tasks
            .AddActivityFunc<string, string>("Break", (_, _) => Break<string>())
            .AddActivityFunc<DateTime, string>("WorkFrom", (_, at) => at.Minute > 0 ? "done" : throw new InvalidOperationException("too early"))
            .AddOrchestratorFunc<string, string>("Child", (context, _) => context.CallActivityAsync<string>("WorkFrom", context.CurrentUtcDateTime))
            .AddOrchestratorFunc<string, string>("Retry", async (context, _) =>
            {
                var policy = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMinutes(1)));
                try
                {
                    return await context.CallActivityAsync<string>("Break", "", policy);
                }
                catch (TaskFailedException)
                {
                    return $"gave up, {await context.CallSubOrchestratorAsync<string>("Child", "", policy)}";
                }
            }),
            client => RunAsync(client, "Retry")),

        ["replacing a finished id"] = new("first, second", tasks => tasks
            .AddActivityFunc<string, string>("Same", (_, text) => text)
            .AddOrchestratorFunc<string, string>("Echo", (context, text) => context.CallActivityAsync<string>("Same", text)),
            async client =>
            {
                await client.StartAsync("Echo", "one", "first");
                var first = await client.EndAsync("one");
                await client.StartAsync("Echo", "one", "second");
                return $"{first}, {await client.EndAsync("one")}";
            }),

        ["events between instances"] = new("1 2 3, told", tasks => tasks
            .AddOrchestratorFunc<string, string>("Listen", async (context, input) =>
            {
                var numbers = await ThreeAsync(context, input);
                context.SendEvent("teller", "heard", true);
                return numbers;
            })
            .AddOrchestratorFunc<string, string>("Tell", async (context, _) =>
            {
                foreach (var number in new[] { 1, 2, 3 })
                    context.SendEvent("listener", "number", number);
                await context.WaitForExternalEvent<bool>("heard");
                return "told";
            }),
            async client =>
            {
                await client.StartAsync("Listen", "listener");
                await client.StartAsync("Tell", "teller");
                return await client.EndAllAsync("listener", "teller");
            }),
    };

    private static async Task<string> RunAsync(CrashClient client, string orchestrator, double seconds = 0)
    {
        await client.StartAsync(orchestrator, "one", seconds: seconds);
        return await client.EndAsync("one");
    }

    private static void EndAtOnce(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc<string, string>("End", (_, _) => Task.FromResult("ended"));

    private static T Break<T>() => throw new InvalidOperationException("broken");

    private static Task<string> ChildAsync(TaskOrchestrationContext context, string orchestrator, string id) =>
        context.CallSubOrchestratorAsync<string>(orchestrator, "", new SubOrchestrationOptions(instanceId: id));

    /// <summary>Takes three numbers, of which some may be sent again by who does not know whether they were accepted.</summary>
    private static async Task<string> ThreeAsync(TaskOrchestrationContext context, string input)
    {
        var numbers = new List<int>();
        while (numbers.Count < 3)
        {
            var number = await context.WaitForExternalEvent<int>("number");
            if (!numbers.Contains(number))
                numbers.Add(number);
        }
        return string.Join(' ', numbers);
    }
}
