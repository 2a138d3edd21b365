using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class WithoutHttpTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_host_that_does_not_listen_runs_orchestrators_and_needs_no_web_application()
    {
        using var host = Build([typeof(Orchestrators), typeof(TakeOrder), typeof(DurableActivities)]);
        await host.StartAsync();

        var id = await host.DurableClient().ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.TakeTwoOrders), new Order("shop", 1));
        var ended = await host.DurableClient().WaitForInstanceCompletionAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        await host.StopAsync();
    }

    [Fact]
    public void An_http_function_in_an_app_without_a_web_application_stops_the_start()
    {
        var fault = Assert.Throws<StartException>(() => Build([typeof(StaticHttpFunctions)]));

        Assert.Contains("ConfigureFunctionsWebApplication", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hosts_on_one_state_file_are_one_too_many()
    {
        using var first = Build([typeof(Orchestrators)]);
        await first.StartAsync();
        using var second = Build([typeof(Orchestrators)]);

        var fault = await Assert.ThrowsAsync<StartException>(() => second.StartAsync());

        Assert.Contains(folder.File("state.db"), fault.Message, StringComparison.Ordinal);
        await first.StopAsync();
    }

    private IHost Build(IReadOnlyList<Type> functions)
    {
        var builder = LocalFunctionsApplication.CreateBuilder(new()
        {
            Classes = functions,
            Folder = folder.Path,
            Listens = false,
            Settings = new Dictionary<string, string?> { ["LocalHost__StateFile"] = folder.File("state.db") },
        });
        builder.Services.AddScoped<InvocationKey>();
        return builder.Build();
    }
}
