using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Data.BlobContainers;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What works on each kind of data, against the given stores.</summary>
internal static class TestKinds
{
    public static DataKinds Create(BlobStores stores, ContainerCopier? copier = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(stores)
            .AddSingleton(copier ?? new ContainerCopier(TimeProvider.System)).AddSingleton<ContainerComparer>().AddBlobContainers();
        return new DataKinds(services.BuildServiceProvider());
    }
}
