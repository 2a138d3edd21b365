using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask;

/// <summary>What the SDK's options say goes to the engine, where they say something.</summary>
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
        IOptions<DurableTaskWorkerOptions> worker, IOptions<DurableTaskWorkerWorkItemFilters> filters, IServiceProvider services)
        : IPostConfigureOptions<LocalDurableTaskOptions>
    {
        public void PostConfigure(string? name, LocalDurableTaskOptions options)
        {
            var given = worker.Value;
            options.MaxConcurrentActivities = given.Concurrency.MaximumConcurrentActivityWorkItems;
            options.MaxConcurrentOrchestrations = given.Concurrency.MaximumConcurrentOrchestrationWorkItems;
            if (given.ChosenConverter is { } converter)
                options.DataConverter = converter;
            if (given.Versioning is { DefaultVersion: { Length: > 0 } version })
                options.DefaultVersion = version;
            options.Versioning = given.Versioning ?? options.Versioning;
            options.WorkItemFilters = filters.Value;
#pragma warning disable CS0618 // Experimental in the real API too.
            if ((given.OrchestrationFilter ?? services.GetService<IOrchestrationFilter>()) is { } filter)
            {
                options.AcceptsAsync = async (orchestrator, tags) =>
                    await filter.IsOrchestrationValidAsync(new OrchestrationFilterParameters { Name = orchestrator, Tags = tags });
            }
#pragma warning restore CS0618
        }
    }

    private sealed class ByClientOptions(IOptions<DurableTaskClientOptions> client) : IPostConfigureOptions<LocalDurableTaskOptions>
    {
        public void PostConfigure(string? name, LocalDurableTaskOptions options)
        {
            if (client.Value.DefaultVersion is { Length: > 0 } version)
                options.ClientDefaultVersion = version;
            if (client.Value.ChosenConverter is { } converter)
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
