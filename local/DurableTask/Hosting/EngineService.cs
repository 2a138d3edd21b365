using Microsoft.Extensions.Hosting;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask;

/// <summary>Starts the engine before whatever is added after it, and stops it after that has stopped.</summary>
internal sealed class EngineService(DurableEngine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
}
