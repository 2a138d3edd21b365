using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.AzureEmulator.Runtime;

namespace Orchestrator.Local.AzureEmulator.Tests.Support;

/// <summary>Runs packages as small servers inside the test: each tells its version, its settings and which instance it is.</summary>
internal sealed class InProcessRuntime : ISlotRuntime
{
    private int _count;

    public ConcurrentQueue<InProcessApp> Started { get; } = new();

    /// <summary>The instances that run now.</summary>
    public int Running => Started.Count(app => !app.Exited.IsCompleted);

    public async Task<ISlotInstance> StartAsync(SlotStart start, CancellationToken cancellationToken)
    {
        var app = await InProcessApp.StartAsync(start, Interlocked.Increment(ref _count));
        Started.Enqueue(app);
        return app;
    }
}

internal sealed class InProcessApp : ISlotInstance
{
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;
    private readonly SlotStart _start;
    private readonly string _version;
    private readonly string _behaviour;
    private readonly int _number;

    private InProcessApp(WebApplication app, SlotStart start, int number)
    {
        (_app, _start, _number) = (app, start, number);
        _version = File.ReadAllText(Path.Combine(start.ContentRoot, "version.txt"));
        var behaviour = Path.Combine(start.ContentRoot, "behaviour.txt");
        _behaviour = File.Exists(behaviour) ? File.ReadAllText(behaviour) : "";
    }

    public SlotStart Start => _start;

    public string Version => _version;

    /// <summary>Requests on /hold wait for this.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Address { get; private set; } = null!;

    public int? ProcessId => null;

    public Task Exited => _exited.Task;

    public static async Task<InProcessApp> StartAsync(SlotStart start, int number)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var instance = new InProcessApp(app, start, number);
        app.Run(instance.AnswerAsync);
        await app.StartAsync();
        instance.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        if (instance._behaviour == "exits" || (instance._behaviour == "exits where s1=prod" && start.Environment["s1"] == "prod")) await instance.DisposeAsync();
        return instance;
    }

    /// <summary>Dies as a process does that is killed: its connections break.</summary>
    public Task KillAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        _exited.TrySetResult();
        // What it still holds is lost, as when a process is killed.
        Release.TrySetCanceled();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/hold")
        {
            Held.TrySetResult();
            await Release.Task;
        }

        if (http.Request.Path == "/status") http.Response.StatusCode = int.Parse(http.Request.Query["code"]!);
        if (_behaviour.StartsWith("status ", StringComparison.Ordinal)) http.Response.StatusCode = int.Parse(_behaviour[7..]);
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var settings = _start.Environment.Where(pair => !pair.Key.StartsWith("APPSETTING_", StringComparison.Ordinal)).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value));
        await http.Response.WriteAsync(new JsonObject
        {
            ["version"] = _version,
            ["instance"] = _number,
            ["slot"] = _start.Slot,
            ["host"] = http.Request.Host.Host,
            ["forwardedFor"] = http.Request.Headers["X-Forwarded-For"].ToString(),
            ["body"] = body,
            ["settings"] = new JsonObject(settings),
        }.ToJsonString());
    }
}
