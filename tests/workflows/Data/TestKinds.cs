using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What works on each kind of data, against the given stores.</summary>
internal static class TestKinds
{
    public static DataKinds Create(BlobStores stores, ContainerCopier? copier = null, Retention? retention = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        more?.Invoke(services);
        services.AddLogging().AddSingleton(TimeProvider.System).AddSingleton(stores)
            .AddSingleton(retention ?? NewRetention())
            .AddSingleton(copier ?? new ContainerCopier(TimeProvider.System)).AddSingleton<ContainerComparer>().AddBlobContainers();
        return new DataKinds(services.BuildServiceProvider());
    }

    public static Retention NewRetention(bool locks = false) =>
        new(Options.Create(new SnapshotOptions { LockRetention = locks }), NullLogger<Retention>.Instance);
}
