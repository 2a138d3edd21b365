using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask;

/// <summary>What the SDK's options of the first worker and of the first client say goes to the engine, where they say something.</summary>
internal static class EngineByBuilders
{
    public static void ConfigureEngineByWorker(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<LocalDurableTaskOptions>, ByWorkerOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DurableTaskWorkerOptions>, ByConverterService>());
    }

    public static void ConfigureEngineByClient(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<LocalDurableTaskOptions>, ByClientOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DurableTaskClientOptions>, ByConverterService>());
    }

    private sealed class ByWorkerOptions(
        IEnumerable<RegisteredBuilder<IDurableTaskWorkerBuilder>> workers,
        IOptionsMonitor<DurableTaskWorkerOptions> worker,
        IOptionsMonitor<DurableTaskWorkerWorkItemFilters> filters,
        IServiceProvider services)
        : IPostConfigureOptions<LocalDurableTaskOptions>
    {
        public void PostConfigure(string? name, LocalDurableTaskOptions options)
        {
            var given = worker.Get(workers.First().Name);
            options.MaxConcurrentActivities = given.Concurrency.MaximumConcurrentActivityWorkItems;
            options.MaxConcurrentOrchestrations = given.Concurrency.MaximumConcurrentOrchestrationWorkItems;
            if (given.ChosenConverter is { } converter)
                options.DataConverter = converter;
            if (given.Versioning is { DefaultVersion: { Length: > 0 } version })
                options.DefaultVersion = version;
            options.Versioning = given.Versioning ?? options.Versioning;
            options.WorkItemFilters = DurableTaskWorkerWorkItemFilters.Join([.. workers.Select(builder => filters.Get(builder.Name))]);
#pragma warning disable CS0618 // Experimental in the real API too.
            if ((given.OrchestrationFilter ?? services.GetService<IOrchestrationFilter>()) is { } filter)
            {
                options.AcceptsAsync = async (orchestrator, tags) =>
                    await filter.IsOrchestrationValidAsync(new OrchestrationFilterParameters { Name = orchestrator, Tags = tags });
            }
#pragma warning restore CS0618
        }
    }

    private sealed class ByClientOptions(IEnumerable<RegisteredBuilder<IDurableTaskClientBuilder>> clients, IOptionsMonitor<DurableTaskClientOptions> client)
        : IPostConfigureOptions<LocalDurableTaskOptions>
    {
        public void PostConfigure(string? name, LocalDurableTaskOptions options)
        {
            var given = client.Get(clients.First().Name);
            if (given.DefaultVersion is { Length: > 0 } version)
                options.ClientDefaultVersion = version;
            if (given.ChosenConverter is { } converter)
                options.DataConverter = converter;
        }
    }

    /// <summary>Without a converter of their own the SDK's options take the one that is a service.</summary>
    private sealed class ByConverterService(IServiceProvider services)
        : IPostConfigureOptions<DurableTaskWorkerOptions>, IPostConfigureOptions<DurableTaskClientOptions>
    {
        public void PostConfigure(string? name, DurableTaskWorkerOptions options)
        {
            if (options.ChosenConverter is null && services.GetService<DataConverter>() is { } converter)
                options.DataConverter = converter;
        }

        public void PostConfigure(string? name, DurableTaskClientOptions options)
        {
            if (options.ChosenConverter is null && services.GetService<DataConverter>() is { } converter)
                options.DataConverter = converter;
        }
    }
}
