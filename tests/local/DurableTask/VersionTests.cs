using Microsoft.DurableTask;
using Microsoft.DurableTask.Abstractions;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Worker.DurableTaskWorkerOptions;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class VersionTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData(" ", "", 0)]
    [InlineData("", "1.0", -1)]
    [InlineData("1.0", "", 1)]
    [InlineData("1.9", "1.10", -1)]
    [InlineData("2.0.0", "2.0", 1)]
    [InlineData("v2", "V2", 0)]
    [InlineData("v10", "v9", -1)]
    [InlineData("1.0", "v1", -1)]
    public async Task Versions_are_compared_as_the_sdk_does(string version, string other, int order)
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Compare", context => $"{context.Version}|{Math.Sign(context.CompareVersionTo(other))}"));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Compare", new StartOrchestrationOptions("run") { Version = version.Trim() });

        Assert.Equal($"{version.Trim()}|{order}", (await engine.EndAsync("run")).ReadOutputAs<string>());
        Assert.Equal(-order, Math.Sign(TaskOrchestrationVersioningUtils.CompareVersions(other, version)));
    }

    [Theory]
    [InlineData(VersionMatchStrategy.None, "9", true)]
    [InlineData(VersionMatchStrategy.None, "", true)]
    [InlineData(VersionMatchStrategy.Strict, "2.0", true)]
    [InlineData(VersionMatchStrategy.Strict, "1.0", false)]
    [InlineData(VersionMatchStrategy.Strict, "", false)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.9", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "2.0", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "2.1", false)]
    public async Task What_does_not_match_fails_or_waits_as_the_strategy_says(VersionMatchStrategy strategy, string version, bool runs)
    {
        var failing = await RunAsync(VersionFailureStrategy.Fail);
        var rejecting = await RunAsync(VersionFailureStrategy.Reject);

        Assert.Equal(runs ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed, failing.RuntimeStatus);
        Assert.Equal(runs ? null : "VersionMismatch", failing.FailureDetails?.ErrorType);
        Assert.Equal(runs ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Pending, rejecting.RuntimeStatus);

        async Task<OrchestrationMetadata> RunAsync(VersionFailureStrategy failure)
        {
            await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"), Worker(strategy, failure));
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", new StartOrchestrationOptions("run") { Version = version });
            await engine.IdleAsync();
            return await engine.GetAsync("run");
        }
    }

    [Fact]
    public async Task A_strategy_that_nobody_knows_runs_nothing()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"), Worker((VersionMatchStrategy)7, VersionFailureStrategy.Fail));

        Assert.Equal("VersionError", (await engine.RunToEndAsync("Run")).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task An_activity_has_the_version_of_its_orchestration_and_is_checked_like_it()
    {
        await using var engine = await StartAsync(
            tasks => tasks
                .AddActivityFunc<string?, string>("Tell", (context, _) => context.Version)
                .AddOrchestratorFunc("Run", async context =>
                {
                    var own = await context.CallActivityAsync<string>("Tell");
                    try
                    {
                        return await context.CallActivityAsync<string>("Tell", new TaskOptions { Version = "3.0" });
                    }
                    catch (TaskFailedException failure)
                    {
                        return $"{own}, then {failure.FailureDetails.ErrorType}";
                    }
                }),
            Worker(VersionMatchStrategy.CurrentOrOlder, VersionFailureStrategy.Fail));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", new StartOrchestrationOptions("run") { Version = "1.5" });

        Assert.Equal("1.5, then VersionMismatch", (await engine.EndAsync("run")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_rejected_activity_waits_for_a_start_at_which_it_runs()
    {
        var worker = "1.0";
        await using var engine = await StartAsync(
            tasks => tasks
                .AddActivityFunc<string?, string>("Tell", (context, _) => context.Version)
                .AddOrchestratorFunc("Run", context => context.CallActivityAsync<string>("Tell", new TaskOptions { Version = "2.0" })),
            options => options.Versioning = new VersioningOptions { Version = worker, MatchStrategy = VersionMatchStrategy.CurrentOrOlder });
        var id = await engine.RunAsync("Run");
        await engine.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync(id)).RuntimeStatus);

        worker = "2.0";
        await engine.StopAsync();
        await engine.StartAsync();

        Assert.Equal("2.0", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_sub_orchestration_has_the_default_version_and_not_its_parent_s()
    {
        await using var engine = await StartAsync(
            tasks => tasks
                .AddOrchestratorFunc("Child", context => context.Version)
                .AddOrchestratorFunc("Parent", async context =>
                    $"{context.Version} {await context.CallSubOrchestratorAsync<string>("Child")} " +
                    await context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions { Version = "3.0" })),
            options => options.DefaultVersion = "1.0");

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions("run") { Version = "2.0" });

        Assert.Equal("2.0 1.0 3.0", (await engine.EndAsync("run")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_rejected_instance_can_be_terminated()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"), Worker(VersionMatchStrategy.Strict, VersionFailureStrategy.Reject));
        var id = await engine.RunAsync("Run");
        await engine.IdleAsync();

        await engine.Client.TerminateInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);
    }

    private static Action<LocalDurableTaskOptions> Worker(VersionMatchStrategy match, VersionFailureStrategy failure) =>
        options => options.Versioning = new VersioningOptions { Version = "2.0", MatchStrategy = match, FailureStrategy = failure };

    public sealed class Warm() : VersionTests(false);

    public sealed class Replayed() : VersionTests(true);
}
