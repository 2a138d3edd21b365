using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.Functions.Hosting;

namespace Orchestrator.Local.Functions.Tests;

/// <summary>A running host with a few functions and a state file of its own.</summary>
public sealed class TestApp : IAsyncDisposable
{
    private readonly IHost host;
    private readonly bool ownsFolder;

    private TestApp(IHost host, TestFolder folder, bool ownsFolder)
    {
        this.host = host;
        this.ownsFolder = ownsFolder;
        Folder = folder;
        Http = new HttpClient { BaseAddress = host.Address() };
    }

    public HttpClient Http { get; }

    public TestFolder Folder { get; }

    public DurableTaskClient Client => host.DurableClient();

    public IServiceProvider Services => host.Services;

    /// <param name="folder">Stays when the app is gone, so that another can start in it; null for one of its own.</param>
    public static async Task<TestApp> StartAsync(
        IReadOnlyList<Type> functions,
        Action<FunctionsApplicationBuilder>? configure = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        string? hostJson = null,
        TestFolder? folder = null)
    {
        var ownsFolder = folder is null;
        folder ??= new TestFolder();
        if (hostJson is not null)
            folder.Write("host.json", hostJson);
        var built = Build(functions, configure, settings, folder);
        await built.StartAsync();
        return new TestApp(built, folder, ownsFolder);
    }

    public static IHost Build(
        IReadOnlyList<Type> functions,
        Action<FunctionsApplicationBuilder>? configure = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        TestFolder? folder = null)
    {
        folder ??= new TestFolder();
        var builder = LocalFunctionsApplication.CreateBuilder(new()
        {
            Classes = functions,
            Folder = folder.Path,
            Settings = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>())
            {
                ["LocalHost__Urls"] = "http://127.0.0.1:0",
                ["LocalHost__StateFile"] = folder.File("state.db"),
                ["LocalHost__ReplayFromStart"] = "true",
            },
        });
        builder.ConfigureFunctionsWebApplication();
        configure?.Invoke(builder);
        return builder.Build();
    }

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await host.StopAsync();
        host.Dispose();
        if (ownsFolder)
            Folder.Dispose();
    }
}
