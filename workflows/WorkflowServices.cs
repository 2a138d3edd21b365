using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Notifications;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows;

/// <summary>Everything that the steps of a migration need from the service collection.</summary>
public static class WorkflowServices
{
    /// <summary>Adds it. Settings are validated at start: a bad one stops the start with its name.</summary>
    public static IServiceCollection AddWorkflows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AzureOptions>().Bind(configuration.GetSection(AzureOptions.Section)).ValidateDataAnnotations()
            .Validate(o => o.ArmEndpoint.Scheme == Uri.UriSchemeHttps, "Azure:ArmEndpoint must be an https address: tokens are sent there.")
            .Validate(o => o.TrustedCertificate is not { Length: > 0 } path || File.Exists(path), "Azure:TrustedCertificate names a file that is not there.")
            .ValidateOnStart();
        services.AddOptions<StateOptions>().Bind(configuration.GetSection(StateOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SnapshotOptions>().Bind(configuration.GetSection(SnapshotOptions.Section));
        services.AddOptions<NotificationOptions>().Bind(configuration.GetSection(NotificationOptions.Section));
        services.TryAddSingleton(TimeProvider.System);
        return services.AddAzure().AddBlobStores(configuration).AddData().AddRuns().AddSteps();
    }

    private static IServiceCollection AddAzure(this IServiceCollection services)
    {
        services.TryAddSingleton<TokenCredential>(s =>
            Azure(s).StaticToken is { Length: > 0 } token ? new StaticTokenCredential(token, s.GetRequiredService<TimeProvider>()) : new DefaultAzureCredential());
        services.AddSingleton(s => Client(Azure(s), s.GetRequiredService<TokenCredential>()));
        services.AddSingleton<ArmGateway>().AddSingleton<AppService>().AddSingleton<Deployments>().AddSingleton<Metrics>().AddSingleton<MetricAlerts>().AddSingleton<Governance>();

        services.AddHttpClient(SiteHttp.Name, c => c.Timeout = TimeSpan.FromSeconds(30)).ConfigurePrimaryHttpMessageHandler(s => TrustedHandler.Create(Azure(s)));
        services.AddHttpClient(ProbeHttp.Name, c => c.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(s => ProbeHttp.Handler(Azure(s)));
        services.AddHttpClient(PackageReader.Name, c => c.Timeout = TimeSpan.FromSeconds(15)).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddHttpClient(WebhookClient.Name, c => c.Timeout = TimeSpan.FromSeconds(15)).ConfigurePrimaryHttpMessageHandler(s =>
            PublicAddresses.CreateHandler(s.GetRequiredService<IOptions<NotificationOptions>>().Value.AllowPrivateAddresses));
        // The steps' own logs say what was called; the factory's would add two lines for each probe.
        services.RemoveAll<Microsoft.Extensions.Http.IHttpMessageHandlerBuilderFilter>();
        services.AddSingleton(s => new SiteHttp(Http(s, SiteHttp.Name)));
        services.AddSingleton(s => new ProbeHttp(Http(s, ProbeHttp.Name), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new PackageReader(Http(s, PackageReader.Name)));
        services.AddSingleton(s => new WebhookClient(Http(s, WebhookClient.Name)));
        return services;
    }

    // Another kind of store is another line here.
    private static IServiceCollection AddData(this IServiceCollection services) => services.AddSingleton<DataKinds>().AddBlobContainers();

    private static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddSingleton(s => State(s.GetRequiredService<BlobStores>(), s.GetRequiredService<IOptions<StateOptions>>().Value));
        services.TryAddSingleton<IDocumentStore, BlobDocumentStore>();
        services.AddSingleton<ConfigurationStore>().AddSingleton<ProgressReporter>().AddSingleton<DifferenceParts>();
        services.TryAddSingleton<RunDocuments>();
        return services.AddSingleton<AuditLog>().AddSingleton<SiteLease>();
    }

    // What one step's activity takes from another's.
    private static IServiceCollection AddSteps(this IServiceCollection services) =>
        services.AddSingleton<Surveyor>().AddSingleton<WriteSwitch>().AddTransient<CheckSlot>().AddTransient<ReadLiveSide>().AddTransient<WarmSlot>();

    private static ArmClient Client(AzureOptions options, TokenCredential credential)
    {
        var client = new ArmClientOptions { Environment = new ArmEnvironment(options.ArmEndpoint, options.ArmAudience) };
        client.Transport = new HttpClientTransport(new HttpClient(TrustedHandler.Create(options)) { Timeout = Timeout.InfiniteTimeSpan });
        client.RetryPolicy = new OncePolicy(maxRetries: 3);
        client.Retry.NetworkTimeout = TimeSpan.FromMinutes(2);
        return new ArmClient(credential, defaultSubscriptionId: null, client);
    }

    private static StateContainer State(BlobStores stores, StateOptions options) =>
        new(stores.Container(options.Container), options.AuditContainer is { Length: > 0 } audit ? stores.Container(audit) : null);

    private static AzureOptions Azure(IServiceProvider services) => services.GetRequiredService<IOptions<AzureOptions>>().Value;

    private static HttpClient Http(IServiceProvider services, string name) => services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
