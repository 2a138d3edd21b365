using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Local.DurableTask;

/// <summary>What the SDK's worker builders build unless told otherwise: it stands for the one engine of the process, which <see cref="EngineService"/> runs.</summary>
internal sealed class EngineWorker(string name, IDurableTaskFactory factory) : DurableTaskWorker(name, factory)
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
}

/// <summary>A client that was asked for by its name.</summary>
internal sealed record NamedClient(string Name, DurableTaskClient Client);

/// <param name="unnamed">The client of those who ask for none by name.</param>
internal sealed class EngineClientProvider(IEnumerable<NamedClient> clients, Func<DurableTaskClient> unnamed) : IDurableTaskClientProvider
{
    public DurableTaskClient GetClient(string? name = null)
    {
        if (string.IsNullOrEmpty(name))
            return unnamed();
        return clients.FirstOrDefault(client => client.Name == name)?.Client
            ?? throw new ArgumentOutOfRangeException(
                nameof(name), name, $"There is no client of that name, but: [{string.Join(", ", clients.Select(client => $"\"{client.Name}\""))}].");
    }
}

internal static class BuilderRegistrations
{
    /// <summary>The builder of that name, which every call that names it goes on with.</summary>
    public static TBuilder GetOrAddBuilder<TBuilder>(this IServiceCollection services, string name, Func<TBuilder> create, Action<TBuilder> added)
    {
        var known = services.Select(service => service.ImplementationInstance).OfType<Registered<TBuilder>>().FirstOrDefault(found => found.Name == name);
        if (known is not null)
            return known.Builder;
        var builder = create();
        services.AddSingleton(new Registered<TBuilder>(name, builder));
        added(builder);
        return builder;
    }

    private sealed record Registered<TBuilder>(string Name, TBuilder Builder);
}
