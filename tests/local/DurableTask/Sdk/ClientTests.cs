using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

public sealed class ClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_without_data_has_none(bool fails)
    {
        await using var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", fails);
        await host.Client.WaitForInstanceStartAsync(id);
        var running = (await host.Client.GetInstanceAsync(id))!;

        await host.Client.RaiseEventAsync(id, "event", CancellationToken.None);
        await host.Client.WaitForInstanceCompletionAsync(id);
        var ended = (await host.Client.GetInstanceAsync(id))!;

        Assert.Equal((OrchestrationRuntimeStatus.Running, true), (running.RuntimeStatus, running.IsRunning));
        Assert.Equal((fails ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed, true), (ended.RuntimeStatus, ended.IsCompleted));
        foreach (var metadata in new[] { running, ended })
        {
            Assert.Equal(("Wait", id), (metadata.Name, metadata.InstanceId));
            Assert.Equal((null, null, null), (metadata.SerializedInput, metadata.SerializedOutput, metadata.SerializedCustomStatus));
            Assert.Null(metadata.FailureDetails);
            Assert.Throws<InvalidOperationException>(() => metadata.ReadInputAs<bool>());
        }
    }

    [Fact]
    public async Task What_is_refused_is_named_as_by_the_sdk_s_own_client()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"));
        var options = new StartOrchestrationOptions { DedupeStatuses = ["failed", "Broken"] };

        var status = await Assert.ThrowsAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Run", options));
        var timeout = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter { Timeout = TimeSpan.Zero }));

        Assert.Contains("Invalid orchestration runtime status: 'Broken' for deduplication.", status.Message, StringComparison.Ordinal);
        Assert.Contains("Timeout must be a positive TimeSpan.", timeout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_instance_is_null()
    {
        await using var host = await StartAsync();

        Assert.Null(await host.Client.GetInstanceAsync("nobody", getInputsAndOutputs: true));
    }

    [Fact]
    public async Task A_query_by_prefix_is_paged_and_can_be_resumed_with_other_pages()
    {
        await using var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", false);
        for (var i = 0; i < 21; i++)
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", false, new StartOrchestrationOptions($"paged-{i}"));
        var query = host.Client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = "paged-", FetchInputsAndOutputs = true });

        var pages = await ToListAsync(query.AsPages(pageSizeHint: 5));
        var resumed = await ToListAsync(query.AsPages(pages[1].ContinuationToken, pageSizeHint: 4));

        Assert.Equal([5, 5, 5, 5, 1], pages.Select(page => page.Values.Count));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.Equal(3, resumed.Count);
        Assert.Equal(pages.Skip(2).SelectMany(Ids), resumed.SelectMany(Ids));
        Assert.Equal(21, (await ToListAsync(query)).Count);
        Assert.All(pages.SelectMany(page => page.Values), found => Assert.Equal("false", found.SerializedInput));
    }

    [Fact]
    public async Task Purging_takes_what_has_ended_by_id_and_by_filter()
    {
        await using var host = await StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", false));
            await host.Client.RaiseEventAsync(ids[i], "event");
            await host.EndAsync(ids[i]);
        }
        var running = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", false);

        var one = await host.Client.PurgeInstanceAsync(ids[0], new PurgeInstanceOptions { Recursive = true });
        var all = await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(
            DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1), [OrchestrationRuntimeStatus.Completed]));

        Assert.Equal((1, 3), (one.PurgedInstanceCount, all.PurgedInstanceCount));
        Assert.NotEqual(false, all.IsComplete);
        foreach (var id in ids)
            Assert.Null(await host.Client.GetInstanceAsync(id));
        Assert.NotNull(await host.Client.GetInstanceAsync(running));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter { Timeout = TimeSpan.Zero }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_runs_the_same_again(bool newId)
    {
        await using var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", false);
        await host.Client.RaiseEventAsync(id, "event");
        await host.EndAsync(id);

        var again = await host.Client.RestartAsync(id, newId);
        await host.Client.RaiseEventAsync(again, "event");
        var run = await host.EndAsync(again);

        Assert.Equal(newId, again != id);
        Assert.Equal(("Wait", "false", OrchestrationRuntimeStatus.Completed), (run.Name, run.SerializedInput, run.RuntimeStatus));
        var missing = await Assert.ThrowsAsync<ArgumentException>(() => host.Client.RestartAsync("nobody"));
        Assert.Contains("An orchestration with the instanceId nobody was not found", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, OrchestrationRuntimeStatus.Completed, true)]
    [InlineData(false, OrchestrationRuntimeStatus.Failed, false)]
    [InlineData(true, OrchestrationRuntimeStatus.Failed, true)]
    [InlineData(true, OrchestrationRuntimeStatus.Completed, false)]
    public async Task An_id_is_taken_in_the_statuses_that_the_start_names(bool fails, OrchestrationRuntimeStatus deduped, bool refused)
    {
        await using var host = await StartAsync();
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(deduped, OrchestrationRuntimeStatus.Terminated);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", fails, options);
        await host.Client.RaiseEventAsync("one", "event");
        await host.EndAsync("one");

        var start = () => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", fails, options);

        if (refused)
            await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(start);
        else
            Assert.Equal("one", await start());
    }

    [Fact]
    public async Task Suspending_and_resuming_work_with_and_without_a_reason_and_never_fail()
    {
        await using var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", false);

        await host.Client.ResumeInstanceAsync(id, "it runs");
        await host.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync(id))!.RuntimeStatus);
        await host.Client.SuspendInstanceAsync(id, cancellation: CancellationToken.None);
        await host.Client.RaiseEventAsync(id, "event");
        await host.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await host.Client.GetInstanceAsync(id))!.RuntimeStatus);
        await host.Client.ResumeInstanceAsync(id, "go on");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(id)).RuntimeStatus);
        await host.Client.SuspendInstanceAsync(id, "too late");
        await host.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.Client.GetInstanceAsync(id))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_start_for_later_waits_for_its_time()
    {
        await using var host = await StartAsync();
        var at = DateTimeOffset.UtcNow.AddMilliseconds(300);

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Now", new StartOrchestrationOptions(StartAt: at));
        var before = (await host.Client.GetInstanceAsync(id))!;
        var run = await host.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Pending, before.RuntimeStatus);
        Assert.True(run.ReadOutputAs<DateTime>() >= at.UtcDateTime, "It began early.");
    }

    [Fact]
    public async Task A_cancelled_call_throws_exactly_what_the_real_client_throws()
    {
        await using var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", false);
        using var cancelled = new CancellationTokenSource();
        var waiting = host.Client.WaitForInstanceCompletionAsync(id, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<OperationCanceledException>(() => host.Client.WaitForInstanceCompletionAsync(id, cancelled.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => host.Client.RestartAsync(id, cancellation: cancelled.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => host.Client.RewindInstanceAsync(id, "", cancelled.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => host.Client.GetOrchestrationHistoryAsync(id, cancelled.Token));
    }

    private static Task<SdkHost> StartAsync() => SdkHost.StartAsync(tasks => tasks
        .AddOrchestratorFunc("Now", context => Task.FromResult(context.CurrentUtcDateTime))
        .AddOrchestratorFunc<bool, string>("Wait", async (context, fails) =>
        {
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEvent<string>("event");
            return fails ? throw new InvalidOperationException("as asked") : "done";
        }));

    private static IEnumerable<string> Ids(Page<OrchestrationMetadata> page) => page.Values.Select(found => found.InstanceId);

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> source)
    {
        var list = new List<T>();
        await foreach (var item in source)
            list.Add(item);
        return list;
    }
}
