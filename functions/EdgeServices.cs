using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Migrations;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions;

/// <summary>What the edge needs. Every setting is looked at before the app takes its first request.</summary>
public static class EdgeServices
{
    public static IServiceCollection AddEdge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuthOptions>().Bind(configuration.GetSection(AuthOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ISigningKeys>(provider => SigningKeys.From(provider.GetRequiredService<IOptions<AuthOptions>>().Value));
        services.AddSingleton<TokenReader>();
        services.AddSingleton<Edge>();
        services.TryAddSingleton<AuditLog>();
        services.AddSingleton<EdgeDocuments>();
        services.AddSingleton<PastRuns>();
        services.AddSingleton<ProgressReader>();
        services.AddSingleton<ThrottleReader>();
        services.AddSingleton<RunReader>();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<RunLister>();
        services.AddSingleton<ControlCalls>();
        return services;
    }
}
