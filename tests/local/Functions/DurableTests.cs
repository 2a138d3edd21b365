using System.Net.Http.Json;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class DurableTests : IAsyncLifetime
{
    private TestApp app = null!;

    public async Task InitializeAsync() => app = await TestApp.StartAsync(
        [typeof(TakeOrder), typeof(DurableActivities), typeof(Orchestrators), typeof(ClientFunctions)],
        builder => builder.Services.AddScoped<InvocationKey>());

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task An_http_function_starts_an_orchestrator_whose_activities_run()
    {
        using var answer = await app.Http.PostAsJsonAsync("/api/start/run-1", new Order("shop", 2));

        var receipts = await answer.Content.ReadFromJsonAsync<Receipt[]>();
        Assert.Equal(["shop x 2", "shop x 3"], receipts!.Select(receipt => receipt.Site));
        Assert.All(receipts!, receipt => Assert.Equal("run-1", receipt.InstanceId));
    }

    [Fact]
    public async Task Each_invocation_has_a_scope_of_its_own()
    {
        var receipts = await RunAsync<Receipt[]>(nameof(Orchestrators.TakeTwoOrders), new Order("shop", 1));

        Assert.Equal(2, receipts.Select(receipt => receipt.Key).Distinct().Count());
        Assert.DoesNotContain("another scope", receipts.Select(receipt => receipt.Key));
    }

    [Fact]
    public async Task An_orchestrators_input_is_null_unless_its_exact_type_is_declared()
    {
        Assert.Equal("shop True True True", await RunAsync<string>(nameof(Orchestrators.InputsOfEveryType), new Order("shop", 1)));
    }

    [Fact]
    public async Task Of_an_activitys_exception_only_the_text_arrives_and_the_code_in_it_becomes_the_type()
    {
        var failure = await RunAsync<Failure>(nameof(Orchestrators.CatchesActivity), "MIG0012: the source refuses snapshots");

        Assert.Equal("MIG0012", failure.Type);
        Assert.Equal("the source refuses snapshots", failure.Message);
        Assert.False(failure.IsCausedBySetup);
        Assert.Equal("Task 'Fails' (#0) failed with an unhandled exception: the source refuses snapshots", failure.Exception);
    }

    [Fact]
    public async Task An_activitys_exception_without_a_code_has_an_unknown_type()
    {
        var failure = await RunAsync<Failure>(nameof(Orchestrators.CatchesActivity), "connection refused");

        Assert.Equal("(unknown)", failure.Type);
        Assert.Equal("connection refused", failure.Message);
        Assert.False(failure.IsCausedBySetup);
    }

    [Fact]
    public async Task A_sub_orchestrations_exception_keeps_its_type_and_its_whole_message()
    {
        var failure = await RunAsync<Failure>(nameof(Orchestrators.CatchesSubOrchestrator), "MIG0012: the source refuses snapshots");

        Assert.Equal(typeof(SetupException).FullName, failure.Type);
        Assert.Equal("MIG0012: the source refuses snapshots", failure.Message);
        Assert.True(failure.IsCausedBySetup);
    }

    [Fact]
    public async Task An_unknown_activity_or_sub_orchestrator_fails_without_details()
    {
        var failures = await RunAsync<Failure[]>(nameof(Orchestrators.CatchesUnknown));

        Assert.Equal(2, failures.Length);
        Assert.All(failures, failure => Assert.Null(failure.Type));
    }

    [Theory, InlineData("MIG0012: no", false), InlineData("busy", true)]
    public async Task A_retry_decision_can_read_the_code(string message, bool isRetried)
    {
        Assert.Equal(isRetried, await RunAsync<int>(nameof(Orchestrators.RetriesByCode), message) > 1);
    }

    [Fact]
    public async Task The_client_refuses_an_id_that_runs_and_takes_it_again_when_it_has_ended()
    {
        var options = new StartOrchestrationOptions("only-one");
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.WaitsForGo), null, options);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.WaitsForGo), null, options));

        await app.Client.RaiseEventAsync("only-one", "go", "first");
        await app.Client.WaitForInstanceCompletionAsync("only-one");
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.WaitsForGo), null, options);
        await app.Client.RaiseEventAsync("only-one", "go", "second");
        var ended = await app.Client.WaitForInstanceCompletionAsync("only-one", getInputsAndOutputs: true);
        Assert.Equal("second", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_client_refuses_to_start_what_is_no_orchestrator()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(TakeOrder)));
    }

    [Fact]
    public async Task The_client_drops_the_time_and_the_tags_of_a_start()
    {
        var options = new StartOrchestrationOptions("at-once", DateTimeOffset.UtcNow.AddDays(1)) { Tags = new Dictionary<string, string> { ["color"] = "blue" } };
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.WaitsForGo), null, options);

        var started = await app.Client.WaitForInstanceStartAsync("at-once").WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(OrchestrationRuntimeStatus.Running, started.RuntimeStatus);
        Assert.Empty(started.Tags);
    }

    [Fact]
    public async Task The_client_neither_restarts_nor_rewinds_nor_reads_histories()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => app.Client.RestartAsync("x"));
        await Assert.ThrowsAsync<NotSupportedException>(() => app.Client.RewindInstanceAsync("x", "because"));
        await Assert.ThrowsAsync<NotSupportedException>(() => app.Client.GetOrchestrationHistoryAsync("x"));
    }

    [Fact]
    public void The_client_is_bound_and_not_a_service()
    {
        Assert.Null(app.Services.GetService<DurableTaskClient>());
    }

    private async Task<T> RunAsync<T>(string orchestrator, object? input = null)
    {
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);
        var ended = await app.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(ended.RuntimeStatus is OrchestrationRuntimeStatus.Completed, ended.FailureDetails?.ToString());
        return ended.ReadOutputAs<T>()!;
    }
}
