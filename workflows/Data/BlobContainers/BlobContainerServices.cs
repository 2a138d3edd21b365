using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Data.BlobContainers;

public static class BlobContainerServices
{
    /// <summary>Adds the kind <see cref="DataSet.BlobContainer"/>.</summary>
    public static IServiceCollection AddBlobContainers(this IServiceCollection services)
    {
        services.AddOptions<SnapshotOptions>();
        services.TryAddSingleton<Retention>();
        services.TryAddSingleton(new SnapshotLimits());
        services.TryAddSingleton<IDocumentStore, BlobDocumentStore>();
        services.TryAddSingleton<RunDocuments>();
        services.TryAddSingleton<RunPaces>();
        return services
            .AddSingleton<BlobWayBack>()
            .AddSingleton<StorePairs>()
            .AddSingleton<BlobPasses>()
            .AddSingleton<BlobCensus>()
            .AddSingleton<BlobFinish>()
            .AddKeyedSingleton<IDataTargets, BlobTargets>(DataSet.BlobContainer)
            .AddKeyedSingleton<IDataSync, BlobSync>(DataSet.BlobContainer)
            .AddKeyedSingleton<IDataComparison, BlobComparison>(DataSet.BlobContainer)
            .AddKeyedSingleton<IDataSnapshots, BlobSnapshots>(DataSet.BlobContainer);
    }
}
