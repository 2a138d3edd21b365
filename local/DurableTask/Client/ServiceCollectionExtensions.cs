using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.DurableTask;

namespace Microsoft.DurableTask.Client;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds the embedded engine with its client. A process has one, so that every name stands for the same client.</summary>
    public static IDurableTaskClientBuilder AddDurableTaskClient(this IServiceCollection services, string? name = null)
    {
        services.AddLocalDurableTask();
        services.ConfigureEngineByClient();
        return new EngineClientBuilder(name ?? Extensions.Options.Options.DefaultName, services);
    }

    /// <inheritdoc cref="AddDurableTaskClient(IServiceCollection, string)"/>
    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, Action<IDurableTaskClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskClient());
        return services;
    }

    /// <inheritdoc cref="AddDurableTaskClient(IServiceCollection, string)"/>
    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, string name, Action<IDurableTaskClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskClient(name));
        return services;
    }
}
