using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orchestrator.Workflows.Azure.Blobs;

public static class BlobServices
{
    /// <summary>Adds what the data steps need. The caller registers the <see cref="global::Azure.Core.TokenCredential"/>.</summary>
    public static IServiceCollection AddBlobStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BlobStoreOptions>().Bind(configuration.GetSection(BlobStoreOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BlobStores>();
        services.AddSingleton<ContainerComparer>();
        return services;
    }
}
