using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.DurableTask;

namespace Microsoft.DurableTask.Worker;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds the embedded engine. A process has one, so that every name stands for the same worker.</summary>
    public static IDurableTaskWorkerBuilder AddDurableTaskWorker(this IServiceCollection services, string? name = null)
    {
        services.AddLocalDurableTask();
        services.ConfigureEngineByWorker();
        return new EngineWorkerBuilder(name ?? Extensions.Options.Options.DefaultName, services);
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
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskWorker(name));
        return services;
    }
}
