using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Migrations;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions;

/// <summary>What the edge needs. Every setting is looked at before the app takes its first request.</summary>
public static class EdgeServices
{
    public static IServiceCollection AddEdge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuthOptions>().Bind(configuration.GetSection(AuthOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ISigningKeys>(provider => SigningKeys.From(provider.GetRequiredService<IOptions<AuthOptions>>().Value));
        services.AddSingleton<TokenReader>();
        services.AddSingleton<Edge>();
        services.AddSingleton<RunReader>();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<RunLister>();
        return services;
    }

    /// <summary>The documents of runs, in the container that State:Container names.</summary>
    public static IServiceCollection AddRunDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StateOptions>().Bind(configuration.GetSection(StateOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StateOptions>, StateOptionsValidator>();
        services.AddSingleton(provider =>
            new StateContainer(provider.GetRequiredService<BlobStores>().Container(provider.GetRequiredService<IOptions<StateOptions>>().Value.Container!)));
        services.TryAddSingleton<IDocumentStore, BlobDocumentStore>();
        services.TryAddSingleton<RunDocuments>();
        services.TryAddSingleton<AuditLog>();
        return services;
    }

    /// <summary>The installation's identity towards Azure.</summary>
    public static IServiceCollection AddAzureIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AzureOptions>().Bind(configuration.GetSection(AzureOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<TokenCredential>(provider => provider.GetRequiredService<IOptions<AzureOptions>>().Value.StaticToken is { Length: > 0 } token
            ? new StaticTokenCredential(token)
            : new DefaultAzureCredential());
        return services;
    }
}
