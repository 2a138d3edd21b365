using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Local.DurableTask;

/// <summary>What the SDK's worker builders build unless told otherwise: it stands for the one engine of the process.</summary>
internal sealed class EngineWorker(string name, IDurableTaskFactory factory, EngineRun run) : DurableTaskWorker(name, factory)
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await run.StartAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await run.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
}

/// <summary>A client that was asked for by its name.</summary>
internal sealed record NamedClient(string Name, DurableTaskClient Client);

/// <param name="unnamed">The client of those who ask for none by name, where none was added without one.</param>
internal sealed class EngineClientProvider(IEnumerable<NamedClient> clients, Func<DurableTaskClient?> unnamed) : IDurableTaskClientProvider
{
    public DurableTaskClient GetClient(string? name = null)
    {
        var wanted = name ?? string.Empty;
        return clients.FirstOrDefault(client => client.Name == wanted)?.Client
            ?? (wanted.Length == 0 ? unnamed() : null)
            ?? throw new ArgumentOutOfRangeException(
                nameof(name), name, $"There is no client of that name, but: [{string.Join(", ", clients.Select(client => $"\"{client.Name}\""))}].");
    }
}

internal static class BuilderRegistrations
{
    /// <summary>The builder of that name, which every call that names it goes on with.</summary>
    public static TBuilder GetOrAddBuilder<TBuilder>(this IServiceCollection services, string name, Func<TBuilder> create, Action<TBuilder> added)
    {
        var known = services.Select(service => service.ImplementationInstance).OfType<RegisteredBuilder<TBuilder>>().FirstOrDefault(found => found.Name == name);
        if (known is not null)
            return known.Builder;
        var builder = create();
        services.AddSingleton(new RegisteredBuilder<TBuilder>(name, builder));
        added(builder);
        return builder;
    }
}

/// <summary>In the order in which they were added.</summary>
internal sealed record RegisteredBuilder<TBuilder>(string Name, TBuilder Builder);
