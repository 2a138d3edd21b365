using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask;

public static class LocalDurableTaskServices
{
    /// <summary>
    /// Adds the engine, its <see cref="DurableTaskClient"/> and the hosted service that starts and stops them. The clock
    /// is the registered <see cref="TimeProvider"/>, and code is run by the registered <see cref="ITaskInvoker"/>.
    /// Calling it again adds to the settings and tasks.
    /// </summary>
    public static IServiceCollection AddLocalDurableTask(
        this IServiceCollection services, Action<LocalDurableTaskOptions>? options = null, Action<DurableTaskRegistry>? registry = null)
    {
        services.AddEngine();
        if (options is not null)
            services.Configure(options);
        if (registry is not null)
            services.Configure(registry);
        services.TryAddSingleton(provider => provider.GetServices<NamedClient>().FirstOrDefault(client => client.Name == Options.DefaultName)?.Client
            ?? new LocalDurableTaskClient(Options.DefaultName, provider.GetRequiredService<DurableEngine>()));
        services.AddClientProvider();
        services.AddEngineService();
        return services;
    }

    /// <summary>Adds the engine for others to start.</summary>
    internal static void AddEngine(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddOptions<LocalDurableTaskOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<LocalDurableTaskOptions>, ByConfiguration>());
        services.TryAddSingleton<ITaskInvoker, RegistryInvoker>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DurableEngine>();
        services.TryAddSingleton<IEngineMonitor>(provider => provider.GetRequiredService<DurableEngine>());
        services.TryAddSingleton<EngineRun>();
    }

    internal static void AddEngineService(this IServiceCollection services) =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EngineService>());

    internal static void AddClientProvider(this IServiceCollection services) =>
        // By a factory: a host that hands the client out in its own way takes it off the services, and validates what is left.
        services.TryAddSingleton<IDurableTaskClientProvider>(provider =>
            new EngineClientProvider(provider.GetServices<NamedClient>(), provider.GetService<DurableTaskClient>));

    /// <summary>Comes before what the application says, being registered first.</summary>
    private sealed class ByConfiguration(IServiceProvider services) : IConfigureOptions<LocalDurableTaskOptions>
    {
        public void Configure(LocalDurableTaskOptions options)
        {
            if (services.GetService<IConfiguration>()?["LocalHost:StateFile"] is { Length: > 0 } file)
                options.StateFile = file;
        }
    }
}
