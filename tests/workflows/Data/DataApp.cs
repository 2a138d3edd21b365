using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>The product's functions on the local host, against Azurite alone; every turn of an orchestrator is replayed from the start.</summary>
internal sealed class DataApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-data-");
    private IHost _app = null!;

    public Faults Faults { get; private init; } = new();

    private Action<IServiceCollection> Services { get; init; } = static _ => { };

    public DurableTaskClient Client => _app.DurableClient();

    public RunDocuments Documents => _app.Services.GetRequiredService<RunDocuments>();

    /// <param name="services">Adds what takes the place of the product's own.</param>
    public static async Task<DataApp> StartAsync(Azurite azurite, Faults? faults = null, Action<IServiceCollection>? services = null)
    {
        var app = new DataApp { Faults = faults ?? new Faults(), Services = services ?? (static _ => { }) };
        await app.StartHostAsync(azurite);
        return app;
    }

    /// <summary>Stops the host, whatever it is at, and starts another on the same state.</summary>
    public async Task RestartAsync(Azurite azurite)
    {
        // An activity that does not end is given up at once.
        await _app.StopAsync(new CancellationToken(canceled: true));
        _app.Dispose();
        await StartHostAsync(azurite);
    }

    /// <summary>Runs an orchestrator to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object input)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var client = _app.DurableClient();
        var id = await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, limit.Token);
        return await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
    }

    public async Task<T> SucceedAsync<T>(string orchestrator, object input)
    {
        var ended = await RunAsync(orchestrator, input);
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage}");
        return ended.ReadOutputAs<T>()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        _app.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartHostAsync(Azurite azurite)
    {
        var state = await azurite.CreateContainerAsync("orchstore");
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LocalHost__StateFile"] = Path.Combine(_folder.FullName, "state.db"),
            ["LocalHost__ReplayFromStart"] = "true",
            // Nothing here calls ARM.
            ["Azure__ArmEndpoint"] = "https://arm.invalid",
            ["Azure__StaticToken"] = "none",
            ["State__Container"] = state.Uri.AbsoluteUri,
        };
        foreach (var (index, account) in azurite.Options.BlobAccounts.Index())
        {
            settings[$"Azure__BlobAccounts__{index}__Endpoint"] = account.Endpoint;
            settings[$"Azure__BlobAccounts__{index}__Key"] = account.Key;
        }

        var builder = LocalFunctionsApplication.CreateBuilder(new LocalHostOptions
        {
            Assemblies = [typeof(SyncOrchestrator).Assembly], Folder = _folder.FullName, Listens = false, Settings = settings,
        });
        builder.UseMiddleware<FaultMiddleware>();
        builder.Services.AddSingleton(Faults);
        Services(builder.Services);
        builder.Services.AddWorkflows(builder.Configuration);
        _app = builder.Build();
        await _app.StartAsync();
    }
}
