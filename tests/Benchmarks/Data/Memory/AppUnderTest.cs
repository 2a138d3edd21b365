using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Workflows;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Benchmarks.Data.Memory;

/// <summary>The app on the local host, its state on disk, without its HTTP functions.</summary>
internal sealed class AppUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-benchmark-app-");
    private readonly MemoryJob _job;
    private readonly IHost _host;

    private AppUnderTest(MemoryJob job)
    {
        _job = job;
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LocalHost__StateFile"] = Path.Combine(_folder.FullName, "state.db"),
            // Nothing here calls ARM.
            ["Azure__ArmEndpoint"] = "https://arm.invalid",
            ["Azure__StaticToken"] = "none",
            ["State__Container"] = job.State,
        };
        foreach (var (index, account) in job.Accounts.Index())
        {
            settings[$"Azure__BlobAccounts__{index}__Endpoint"] = account.Endpoint;
            settings[$"Azure__BlobAccounts__{index}__Key"] = account.Key;
        }

        var builder = LocalFunctionsApplication.CreateBuilder(new LocalHostOptions
        {
            Assemblies = [typeof(SyncOrchestrator).Assembly], Folder = _folder.FullName, Listens = false, Settings = settings,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddWorkflows(builder.Configuration);
        _host = builder.Build();
    }

    public static async Task<AppUnderTest> StartAsync(MemoryJob job)
    {
        var app = new AppUnderTest(job);
        await app._host.StartAsync();
        return app;
    }

    public async Task RunAsync()
    {
        var sync = await SucceedAsync<SyncResult>(nameof(SyncOrchestrator), new SyncInput(ProductRun.RunId, [_job.Data], _job.Objects, _job.Bytes));
        if (sync.Objects == 0) throw new InvalidOperationException("The sync copied nothing.");
        if (!_job.Verifies) return;

        var compared = await SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), new CompareDataInput(ProductRun.RunId, [_job.Data]));
        if (!compared.IsEqual || compared.Compared != _job.Objects) throw new InvalidOperationException($"The verification found {compared}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<T> SucceedAsync<T>(string orchestrator, object input)
    {
        var client = _host.DurableClient();
        var id = await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);
        var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
            ? ended.ReadOutputAs<T>()!
            : throw new InvalidOperationException($"{orchestrator} ended {ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage}");
    }
}
