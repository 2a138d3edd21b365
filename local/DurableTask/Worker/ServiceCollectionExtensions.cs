using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.DurableTask;

namespace Microsoft.DurableTask.Worker;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds the embedded engine. A process has one, so that every name stands for the same worker.</summary>
    public static IDurableTaskWorkerBuilder AddDurableTaskWorker(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLocalDurableTask();
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
