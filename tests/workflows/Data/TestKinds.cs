using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What works on each kind of data, against the given stores.</summary>
internal static class TestKinds
{
    public static DataKinds Create(
        BlobStores stores, BlobContainerClient state, TimeProvider? time = null, Retention? retention = null, Action<IServiceCollection>? more = null) =>
        new(Provider(stores, state, time, retention, more));

    /// <summary>For what is below the seams too.</summary>
    public static IServiceProvider Provider(
        BlobStores stores, BlobContainerClient state, TimeProvider? time = null, Retention? retention = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        more?.Invoke(services);
        return services.AddLogging()
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(stores)
            .AddSingleton(new StateContainer(state))
            .AddSingleton(retention ?? NewRetention())
            .AddSingleton<ContainerComparer>()
            .AddBlobContainers()
            .BuildServiceProvider();
    }

    public static Retention NewRetention(bool locks = false) =>
        new(Options.Create(new SnapshotOptions { LockRetention = locks }), NullLogger<Retention>.Instance);
}
