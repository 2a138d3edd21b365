using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using Microsoft.DurableTask.Client;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Traffic;

namespace Orchestrator.Workflows.Tests.Traffic;

/// <summary>A site whose slot is built, in step and in preview, and customers who keep their routing cookie.</summary>
internal sealed class TrafficScene : IAsyncDisposable
{
    private const string Slot = "v2";
    private readonly CancellationTokenSource closing = new();
    private readonly List<Task> customers = [];
    private SiteHold hold = null!;

    private TrafficScene(World world) => World = world;

    public World World { get; }

    /// <summary>What the site has acknowledged, with the version that did.</summary>
    public ConcurrentDictionary<string, string> Orders { get; } = new(StringComparer.Ordinal);

    /// <summary>Where customers go besides ordering.</summary>
    public string Page { get; set; } = "/";

    /// <summary>The same data under so many names.</summary>
    public int Sets { get; init; } = 1;

    public string SlotHost { get; private set; } = "";

    public DataSet Data { get; private set; } = null!;

    public static async Task<TrafficScene> StartAsync(Azurite azurite, Faults? faults = null, Func<MigrationSpec, MigrationSpec>? change = null, int sets = 1)
    {
        var world = await World.StartAsync(azurite, faults);
        var scene = new TrafficScene(world) { Sets = sets };
        var spec = (change ?? (s => s))(world.Spec());
        await world.Documents.PutAsync(RunPaths.Spec(spec.Id!), spec, default);
        scene.hold = new SiteHold(spec.Id!, World.SiteId, await world.Get<SiteLease>().AcquireAsync(World.SiteId, spec.Id!, default));
        scene.Data = new DataSet("orders", world.Source.Uri.AbsoluteUri, world.Target.Uri.AbsoluteUri, TimeSpan.FromSeconds(10), Reverse: true);
        scene.SlotHost = await scene.RunAsync<string>(nameof(ProvisionOrchestrator), new ProvisionInput(scene.hold, Slot, HealthCheckPath: null, [scene.Data], HasTemplate: false));
        await scene.RunAsync<SyncResult>(nameof(SyncOrchestrator), new SyncInput(spec.Id!, [scene.Data], 12, 100));
        await world.Get<AppService>().ApplySlotConfigAsync(new SiteId(World.SiteId).SlotId(Slot), default);
        return scene;
    }

    public static TrafficSpec Steps(params int[] percents) => Steps(TimeSpan.FromSeconds(1), percents);

    public static TrafficSpec Steps(TimeSpan hold, params int[] percents) => new()
    {
        Steps = [.. percents.Select(percent => new TrafficStepSpec { Percent = percent, Hold = hold })],
        Gates = [new GateSpec { Metric = GateSpec.ErrorRate, Max = 0.1 }],
    };

    public Task<TrafficResult> MoveAsync(TrafficSpec traffic, TrafficPlace? from = null) => RunAsync<TrafficResult>(nameof(TrafficOrchestrator), Input(traffic, from));

    public async Task<string> BeginAsync(TrafficSpec traffic, TrafficPlace? from = null) =>
        await World.Client.ScheduleNewOrchestrationInstanceAsync(nameof(TrafficOrchestrator), Input(traffic, from), default(CancellationToken));

    public async Task<T> EndAsync<T>(string instance)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var ended = await World.Client.WaitForInstanceCompletionAsync(instance, getInputsAndOutputs: true, limit.Token);
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage}");
        return ended.ReadOutputAs<T>()!;
    }

    public Task StopAsync(string reason) => new StopTraffic(World.Documents).RunAsync(new StopTrafficOrder(hold.RunId, reason), default);

    public Task AnswerAsync(int question, string choice) =>
        new AnswerTraffic(World.Documents).RunAsync(new AnswerTrafficOrder(hold.RunId, question, choice, "ben@contoso.com"), default);

    public Task SetAsync(int percent) =>
        new SetTraffic(World.Get<AppService>(), World.Get<SiteLease>()).RunAsync(new RampOrder(hold, Slot, SlotHost, percent), default);

    public Task ClearAsync() => new ClearTraffic(World.Get<AppService>(), World.Get<SiteLease>()).RunAsync(new RampOrder(hold, Slot), default);

    /// <summary>The site's ramp-up rules as they read back.</summary>
    public async Task<IReadOnlyList<string>> RulesAsync() =>
        [.. RampRules.Of(await World.Get<AppService>().ReadConfigAsync(World.SiteId, default)).Select(rule => $"{RampRules.Name(rule)} {RampRules.Percent(rule)}")];

    public async Task<bool> SlotTakesWritesAsync() =>
        (await World.Customers.PostAsync(new Uri($"https://{SlotHost}/orders/probe-{Guid.NewGuid():n}"), content: null)).IsSuccessStatusCode;

    /// <summary>Customers who order and look around until they are sent home. Some choose the new version as soon as it can be chosen, and stay.</summary>
    public void Open(int choosing, int others)
    {
        for (var number = 0; number < choosing + others; number++)
            customers.Add(new Customer(World.Customers, $"c{number}", number < choosing ? Slot : null, this).RunAsync(closing.Token));
    }

    public async Task CloseAsync()
    {
        await closing.CancelAsync();
        await Task.WhenAll(customers);
        customers.Clear();
    }

    /// <summary>Every order that was acknowledged is there.</summary>
    public async Task AssertHoldsOrdersAsync(BlobContainerClient container)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in container.GetBlobsAsync()) names.Add(item.Name);
        Assert.DoesNotContain(Orders.Keys, id => !names.Contains($"{id}.json"));
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        closing.Dispose();
        await World.DisposeAsync();
    }

    private async Task<T> RunAsync<T>(string orchestrator, object input) =>
        await EndAsync<T>(await World.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, default(CancellationToken)));

    private TrafficInput Input(TrafficSpec traffic, TrafficPlace? from) => new(hold, Slot, World.Host, SlotHost, Sets == 1 ? [Data] : [.. Enumerable.Range(0, Sets).Select(set => Data with { Name = $"orders-{set}" })], PausesWrites: true, traffic, from);

    /// <summary>One browser.</summary>
    private sealed class Customer(HttpClient http, string name, string? wish, TrafficScene scene)
    {
        private string? cookie;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(60));
            for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
            {
                await SendAsync(HttpMethod.Get, scene.Page);
                // Many look, few buy.
                var id = $"{name}-{turn}";
                if (turn % 8 == 0 && await SendAsync(HttpMethod.Post, $"/orders/{id}") is (true, var version)) scene.Orders[id] = version;
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }
        }

        private async Task<(bool Done, string Version)> SendAsync(HttpMethod method, string path)
        {
            var choice = wish is not null && cookie != wish ? $"?x-ms-routing-name={wish}" : "";
            using var request = new HttpRequestMessage(method, new Uri($"https://{World.Host}{path}{choice}"));
            if (cookie is not null) request.Headers.Add("Cookie", $"x-ms-routing-name={cookie}");
            using var response = await http.SendAsync(request);
            if (response.Headers.TryGetValues("Set-Cookie", out var set)) cookie = set.First().Split('=', ';')[1];
            return (response.IsSuccessStatusCode, cookie ?? "self");
        }
    }
}
