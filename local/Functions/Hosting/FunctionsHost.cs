using Microsoft.AspNetCore.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.Functions.Durable;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>The running app. A stop closes the door, lets activities end, and leaves the rest to the next start.</summary>
internal sealed class FunctionsHost(WebApplication app, LocalHostOptions options, HostSummary summary) : IHost, IAsyncDisposable
{
    private readonly ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Orchestrator.Local.Functions");

    public IServiceProvider Services => app.Services;

    public DurableTaskClient DurableClient => app.Services.GetRequiredService<FunctionsDurableClient>();

    public IReadOnlyCollection<string> Addresses => [.. app.Urls];

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await StartFault.GuardAsync(options, async () =>
        {
            // The list comes first: work that a former process left may begin as soon as the engine runs.
            logger.FunctionsFound(summary.Functions.Count);
            foreach (var (name, trigger) in summary.Lines())
                logger.FunctionListed(name, trigger);
            await app.StartAsync(cancellationToken);
            return true;
        }, app.DisposeAsync);
        Services.GetRequiredService<StartGate>().IsPassed = true;
        app.Lifetime.ApplicationStopping.Register(() => logger.Stopping((int)BuilderDefaults.StopTimeout.TotalSeconds));
        logger.Listening(options.Listens ? string.Join(", ", Addresses) : "no port", summary.Settings.StateFile);
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await app.StopAsync(cancellationToken);
        logger.Stopped();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    public void Dispose() => ((IDisposable)app).Dispose();
}
