using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask;

/// <summary>The SDK's builders over the one engine of the process.</summary>
internal sealed class EngineWorkerBuilder(string name, IServiceCollection services) : IDurableTaskWorkerBuilder
{
    public string Name => name;

    public IServiceCollection Services => services;

    public Type? BuildTarget { get; set; }

    public IHostedService Build(IServiceProvider serviceProvider) => serviceProvider.GetServices<IHostedService>().OfType<EngineService>().Single();
}

/// <inheritdoc cref="EngineWorkerBuilder"/>
internal sealed class EngineClientBuilder(string name, IServiceCollection services) : IDurableTaskClientBuilder
{
    public string Name => name;

    public IServiceCollection Services => services;

    public Type? BuildTarget { get; set; }

    public DurableTaskClient Build(IServiceProvider serviceProvider) => serviceProvider.GetRequiredService<DurableTaskClient>();
}

/// <inheritdoc cref="EngineWorkerBuilder"/>
internal sealed class EngineClientProvider(DurableTaskClient client) : IDurableTaskClientProvider
{
    public DurableTaskClient GetClient(string? name = null) => client;
}

internal static class EngineByBuilders
{
    /// <summary>What the SDK's worker options say goes to the engine, where they say something.</summary>
    public static void ConfigureEngineByWorker(this IServiceCollection services) => services.TryAddEnumerable(
        ServiceDescriptor.Singleton<IPostConfigureOptions<LocalDurableTaskOptions>, ByWorkerOptions>());

    /// <summary>What the SDK's client options say goes to the engine, where they say something.</summary>
    public static void ConfigureEngineByClient(this IServiceCollection services) => services.TryAddEnumerable(
        ServiceDescriptor.Singleton<IPostConfigureOptions<LocalDurableTaskOptions>, ByClientOptions>());

    private sealed class ByWorkerOptions(IOptions<DurableTaskWorkerOptions> worker) : IPostConfigureOptions<LocalDurableTaskOptions>
    {
        public void PostConfigure(string? name, LocalDurableTaskOptions options)
        {
            var given = worker.Value;
            options.MaxConcurrentActivities = given.Concurrency.MaximumConcurrentActivityWorkItems;
            options.MaxConcurrentOrchestrations = given.Concurrency.MaximumConcurrentOrchestrationWorkItems;
            if (given.DataConverter != JsonDataConverter.Default)
                options.DataConverter = given.DataConverter;
            if (given.Versioning is { DefaultVersion: { Length: > 0 } version })
                options.DefaultVersion = version;
            options.Versioning = given.Versioning ?? options.Versioning;
        }
    }

    private sealed class ByClientOptions(IOptions<DurableTaskClientOptions> client) : IPostConfigureOptions<LocalDurableTaskOptions>
    {
        public void PostConfigure(string? name, LocalDurableTaskOptions options)
        {
            if (client.Value.DefaultVersion is { Length: > 0 } version)
                options.ClientDefaultVersion = version;
            if (client.Value.DataConverter != JsonDataConverter.Default)
                options.DataConverter = client.Value.DataConverter;
        }
    }
}
