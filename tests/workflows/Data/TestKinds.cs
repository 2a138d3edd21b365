using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What works on each kind of data, against the given stores.</summary>
internal static class TestKinds
{
    public static DataKinds Create(BlobStores stores, BlobContainerClient state, TimeProvider? time = null) => new(Provider(stores, state, time));

    /// <summary>For what is below the seams too.</summary>
    public static IServiceProvider Provider(BlobStores stores, BlobContainerClient state, TimeProvider? time = null) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(time ?? TimeProvider.System)
        .AddSingleton(stores)
        .AddSingleton(new StateContainer(state))
        .AddSingleton<ContainerComparer>()
        .AddBlobContainers()
        .BuildServiceProvider();
}
