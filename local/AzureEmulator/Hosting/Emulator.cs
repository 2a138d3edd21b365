using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Control;
using Orchestrator.Local.AzureEmulator.Deployments;
using Orchestrator.Local.AzureEmulator.FrontEnd;
using Orchestrator.Local.AzureEmulator.Groups;
using Orchestrator.Local.AzureEmulator.Locks;
using Orchestrator.Local.AzureEmulator.Monitor;
using Orchestrator.Local.AzureEmulator.Operations;
using Orchestrator.Local.AzureEmulator.Runtime;
using Orchestrator.Local.AzureEmulator.Storage;
using Orchestrator.Local.AzureEmulator.Web;
using Yarp.ReverseProxy.Forwarder;

namespace Orchestrator.Local.AzureEmulator.Hosting;

/// <summary>Puts the parts together. What knows of what stands here and nowhere else.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });

    private readonly LongOperations _operations;
    private readonly SitesApi _sites;
    private readonly ISlotRuntime _runtime;
    private readonly bool _ownsRuntime;

    public Emulator(EmulatorOptions options)
    {
        _operations = new LongOperations(options);
        _ownsRuntime = options.Runtime is null;
        _runtime = options.Runtime ?? new ChildProcessRuntime(options.DataDirectory);
        Groups = new GroupStore(options);
        var locks = new LockStore();
        var router = new ArmRouter(request => Check(request, locks));
        var plans = new PlanStore();
        var warmUp = new WarmUp(_client);
        var packages = new PackageStore(options, _client);
        Sites = new SiteStore();
        var writer = new SiteWriter(Sites, plans, new SlotFactory(options, _runtime, warmUp, packages), options);
        var plansApi = new PlansApi(plans, Sites, Groups);
        var storage = new StorageStore();
        var storageApi = new StorageApi(storage, Groups, _operations, options);
        _sites = new SitesApi(Sites, plans, Groups, writer);
        var deployments = new DeploymentStore();
        var alerts = new AlertsApi(Groups);
        IReadOnlyList<IGroupContents> contents = [_sites, plansApi, storageApi, alerts, deployments];
        Activity.Map(router);
        new SubscriptionsApi(Groups).Map(router);
        new GroupsApi(Groups, contents, _operations, options).Map(router);
        new ProvidersApi().Map(router);
        new TagsApi(router).Map();
        new LocksApi(locks).Map(router);
        plansApi.Map(router);
        storageApi.Map(router);
        new BlobServicesApi(storage, new BlobServer(options, _client)).Map(router);
        new MetricsApi(Sites).Map(router);
        alerts.Map(router);
        var calls = new ResourceCalls(router);
        new DeploymentsApi(
            deployments,
            Groups,
            calls,
            new DeploymentRunner(calls, contents, locks, options),
            new WhatIf(calls, new CurrentState(calls), contents),
            _operations,
            options).Map(router);
        new TemplateExport(calls, Groups, contents).Map(router);
        _sites.Map(router);
        new ConfigApi(Sites).Map(router);
        new LifecycleApi(Sites).Map(router);
        new SwapApi(Sites, plans, new SlotSwap(warmUp, options), _operations, options).Map(router);
        new PackagesApi(Sites, packages, _operations, options).Map(router);
        Arm = new ArmEndpoint(router, new RateLimits(options), Calls, Faults, Activity);
        Control = new ControlApi(Calls, Faults, Activity, locks, Groups, Sites, contents);
        Options = options;
    }

    public EmulatorOptions Options { get; }

    public CallLog Calls { get; } = new();

    public FaultBook Faults { get; } = new();

    public ActivityLog Activity { get; } = new();

    public GroupStore Groups { get; }

    public SiteStore Sites { get; }

    public ControlApi Control { get; }

    public ArmEndpoint Arm { get; }

    public FrontEndPipeline FrontEnd(IHttpForwarder forwarder) =>
        new(Sites, new TrafficRouter(Sites), new SiteForwarder(forwarder, _client, Options.Durations), Faults, Control);

    public async ValueTask DisposeAsync()
    {
        await _operations.DisposeAsync();
        await _sites.RemoveAsync(null, null);
        if (_ownsRuntime && _runtime is IAsyncDisposable disposable) await disposable.DisposeAsync();
        _client.Dispose();
    }

    private Task Check(ArmRequest request, LockStore locks)
    {
        if (request.Target.Subscription is { } subscription) Groups.RequireSubscription(subscription);
        locks.Enforce(request);
        return Task.CompletedTask;
    }
}
