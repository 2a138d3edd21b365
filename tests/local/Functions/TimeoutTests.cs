using System.Net;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class TimeoutTests
{
    private const string Short = """{ "version": "2.0", "functionTimeout": "00:00:00.200" }""";

    private readonly Gate gate = new();

    [Fact]
    public async Task A_request_that_takes_longer_than_functionTimeout_is_500_and_its_token_is_cancelled()
    {
        await using var app = await StartAsync(Short);

        using var answer = await app.Http.GetAsync("/api/slowrequest");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("cancelled", await gate.Left);
    }

    [Fact]
    public async Task An_activity_that_takes_longer_than_functionTimeout_fails_and_its_token_is_cancelled()
    {
        await using var app = await StartAsync(Short);

        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SlowFunctions.CallsSlowActivity));
        var ended = await app.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

        Assert.Equal("Timeout value of 00:00:00.2000000 was exceeded by function: SlowActivity", ended.ReadOutputAs<string>());
        Assert.Equal("cancelled", await gate.Left);
    }

    [Fact]
    public async Task Terminating_an_instance_cancels_the_token_of_its_running_activity()
    {
        await using var app = await StartAsync(hostJson: null);
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SlowFunctions.CallsSlowActivity));
        await gate.Entered;

        await app.Client.TerminateInstanceAsync(id, output: "enough");

        Assert.Equal("cancelled", await gate.Left);
        var ended = await app.Client.WaitForInstanceCompletionAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
    }

    private Task<TestApp> StartAsync(string? hostJson) =>
        TestApp.StartAsync([typeof(SlowFunctions)], builder => builder.Services.AddSingleton(gate), hostJson: hostJson);
}
