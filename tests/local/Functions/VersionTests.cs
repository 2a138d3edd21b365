using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class VersionTests
{
    [Fact]
    public async Task The_default_version_of_host_json_is_that_of_orchestrations_and_their_sub_orchestrations()
    {
        using var folder = new TestFolder();
        await using var app = await StartAsync(folder, """{ "defaultVersion": "1.9" }""");

        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.TellsVersion), false, new StartOrchestrationOptions("run"));

        Assert.Equal("1.9 -1, 1.9 -1", await OutputAsync(app, "run"));
    }

    [Fact]
    public async Task Without_a_default_version_there_are_none_and_every_one_runs()
    {
        using var folder = new TestFolder();
        await StartedUnderAsync(folder, "9");

        await using var app = await StartAsync(folder, "{ }");
        await app.Client.RaiseEventAsync("waits", "go", "now");
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.TellsVersion), true, new StartOrchestrationOptions("run"));

        Assert.Equal("now", await OutputAsync(app, "waits"));
        Assert.Equal(" -1", await OutputAsync(app, "run"));
    }

    [Fact]
    public async Task After_a_roll_back_what_the_newer_app_began_waits_for_it()
    {
        using var folder = new TestFolder();
        await StartedUnderAsync(folder, "2.0");
        await using (var old = await StartAsync(folder, """{ "defaultVersion": "1.0" }"""))
        {
            await old.Client.RaiseEventAsync("waits", "go", "now");
            await old.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.TellsVersion), true, new StartOrchestrationOptions("own"));
            Assert.Equal("1.0 -1", await OutputAsync(old, "own"));
            Assert.Equal(OrchestrationRuntimeStatus.Running, (await old.Client.GetInstanceAsync("waits"))!.RuntimeStatus);
        }

        await using var app = await StartAsync(folder, """{ "defaultVersion": "2.0" }""");

        Assert.Equal("now", await OutputAsync(app, "waits"));
    }

    [Fact]
    public async Task The_strategies_of_host_json_decide()
    {
        using var folder = new TestFolder();
        await StartedUnderAsync(folder, "1.0");

        await using var app = await StartAsync(folder, """{ "defaultVersion": "2.0", "versionMatchStrategy": "Strict", "versionFailureStrategy": "Fail" }""");
        await app.Client.RaiseEventAsync("waits", "go", "now");

        Assert.Equal("VersionMismatch", (await app.Client.WaitForInstanceCompletionAsync("waits", getInputsAndOutputs: true)).FailureDetails!.ErrorType);
    }

    private static async Task StartedUnderAsync(TestFolder folder, string version)
    {
        await using var app = await StartAsync(folder, $$"""{ "defaultVersion": "{{version}}" }""");
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.WaitsForGo), null, new StartOrchestrationOptions("waits"));
        await app.Client.WaitForInstanceStartAsync("waits");
    }

    private static Task<TestApp> StartAsync(TestFolder folder, string durableTask) => TestApp.StartAsync(
        [typeof(Orchestrators), typeof(DurableActivities), typeof(TakeOrder)],
        hostJson: $$"""{ "version": "2.0", "extensions": { "durableTask": {{durableTask}} } }""",
        folder: folder);

    private static async Task<string?> OutputAsync(TestApp app, string id) =>
        (await app.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true)).ReadOutputAs<string>();
}
