using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.DurableTask;

namespace Microsoft.DurableTask.Client;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds the embedded engine with a client. A process has one engine, which every client speaks to.</summary>
    public static IDurableTaskClientBuilder AddDurableTaskClient(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddEngine();
        services.AddEngineService();
        services.AddClientProvider();
        services.ConfigureEngineByClient();
        return services.GetOrAddBuilder<IDurableTaskClientBuilder>(
            name ?? Extensions.Options.Options.DefaultName,
            () => new DefaultDurableTaskClientBuilder(name, services) { BuildTarget = typeof(LocalDurableTaskClient) },
            builder =>
            {
                services.AddSingleton(provider => new NamedClient(builder.Name, builder.Build(provider)));
                if (builder.Name == Extensions.Options.Options.DefaultName)
                    builder.RegisterDirectly();
            });
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
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddDurableTaskClient(name));
        return services;
    }
}
