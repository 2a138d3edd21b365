using Microsoft.Extensions.Hosting;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask;

/// <summary>Starts the engine before whatever is added after it, and stops it after that has stopped.</summary>
internal sealed class EngineService(EngineRun run) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => run.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => run.StopAsync(cancellationToken);
}

/// <summary>Runs the engine from the first start of those who need it to the last stop.</summary>
internal sealed class EngineRun(DurableEngine engine)
{
    private readonly Lock gate = new();
    private int users;
    private Task? started;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (users++ == 0 || started is null or { IsFaulted: true } or { IsCanceled: true })
                started = engine.StartAsync(cancellationToken);
            return started;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            users = Math.Max(0, users - 1);
            return users > 0 ? Task.CompletedTask : engine.StopAsync(cancellationToken);
        }
    }
}
