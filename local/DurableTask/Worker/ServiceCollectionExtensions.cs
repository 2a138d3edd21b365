using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.DurableTask;

namespace Microsoft.DurableTask.Worker;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds a worker. A process has one engine, which runs what the workers of all names have and goes by the options of the
    /// first; it runs from the start of the first of them to the stop of the last.
    /// </summary>
    public static IDurableTaskWorkerBuilder AddDurableTaskWorker(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddEngine();
        services.ConfigureEngineByWorker();
        return services.GetOrAddBuilder<IDurableTaskWorkerBuilder>(
            name ?? Extensions.Options.Options.DefaultName,
            () => new DefaultDurableTaskWorkerBuilder(name, services) { BuildTarget = typeof(EngineWorker) },
            builder => services.AddSingleton(builder.Build));
    }

    /// <inheritdoc cref="AddDurableTaskWorker(IServiceCollection, string)"/>
    public static IServiceCollection AddDurableTaskWorker(this IServiceCollection services, Action<IDurableTaskWorkerBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskWorker());
        return services;
    }

    /// <inheritdoc cref="AddDurableTaskWorker(IServiceCollection, string)"/>
    public static IServiceCollection AddDurableTaskWorker(this IServiceCollection services, string name, Action<IDurableTaskWorkerBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskWorker(name));
        return services;
    }
}
