using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

/// <summary>
/// A plain generic host with the SDK's worker and client on the real clock. The tests that use it are compiled against nothing
/// but the SDK's API, as an application is; only the place of the state file is ours.
/// </summary>
public sealed class SdkHost : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-");
    private readonly IHost host;

    private SdkHost(Action<IDurableTaskWorkerBuilder> worker, Action<IDurableTaskClientBuilder>? client, Action<LocalDurableTaskOptions>? engine)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.Services.AddDurableTaskWorker(worker);
        builder.Services.AddDurableTaskClient(client ?? (_ => { }));
        builder.Services.Configure<LocalDurableTaskOptions>(options =>
        {
            options.StateFile = Path.Combine(folder.FullName, "state.db");
            engine?.Invoke(options);
        });
        host = builder.Build();
    }

    public HostLog Logs { get; } = new();

    public IServiceProvider Services => host.Services;

    public DurableTaskClient Client => host.Services.GetRequiredService<DurableTaskClient>();

    public static async Task<SdkHost> StartAsync(
        Action<IDurableTaskWorkerBuilder> worker, Action<IDurableTaskClientBuilder>? client = null, Action<LocalDurableTaskOptions>? engine = null)
    {
        var started = new SdkHost(worker, client, engine);
        await started.host.StartAsync();
        return started;
    }

    public static Task<SdkHost> StartAsync(Action<DurableTaskRegistry> tasks) => StartAsync(worker => worker.AddTasks(tasks));

    public async Task<OrchestrationMetadata> RunAsync(TaskName orchestrator, object? input = null, StartOrchestrationOptions? options = null) =>
        await EndAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options));

    public Task<OrchestrationMetadata> EndAsync(string id) => Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Waits until nothing more happens by itself.</summary>
    public Task IdleAsync() => host.Services.GetRequiredService<IEngineMonitor>().WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        folder.Delete(recursive: true);
    }

    public sealed record LogLine(string Category, EventId Id, string Text, IReadOnlyDictionary<string, object?> Values, Exception? Exception);

    public sealed class HostLog : ILoggerProvider
    {
        private readonly ConcurrentQueue<LogLine> lines = new();

        public IReadOnlyList<LogLine> Of(string category) => [.. lines.Where(line => line.Category.StartsWith(category, StringComparison.Ordinal))];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

        public void Dispose()
        {
            // Nothing is held.
        }

        private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
                lines.Enqueue(new LogLine(category, eventId, formatter(state, exception), values.ToDictionary(), exception));
            }
        }
    }
}
