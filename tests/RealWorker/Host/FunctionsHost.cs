using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.RealWorker.Durable;
using Orchestrator.RealWorker.Host.Protocol;

namespace Orchestrator.RealWorker.Host;

/// <summary>
/// Does for one worker at a time what the Functions host does: starts its process, has it index and load its functions, hands it invocations, forwards HTTP to
/// its own endpoint, and runs the durable back end beside it. It scales nothing and fires no timers.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private readonly WebApplication _server;
    private readonly Func<Task<FunctionWorker>> _start;
    private readonly string _prefix;
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FunctionWorker[] _workers = [];
    private string? _deadly;
    private TaskCompletionSource<FunctionWorker> _worker = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkItems? _work;

    private FunctionsHost(WebApplication server, Func<Task<FunctionWorker>> start, string prefix) => (_server, _start, _prefix) = (server, start, prefix);

    /// <summary>The worker that runs now.</summary>
    public FunctionWorker Worker => _workers[^1];

    /// <summary>What its workers have logged as an error or worse, so far.</summary>
    public IReadOnlyList<string> Errors => [.. _workers.SelectMany(worker => worker.Errors)];

    /// <param name="folder">The published app.</param>
    /// <param name="settings">Its app settings.</param>
    public static async Task<FunctionsHost> StartAsync(string folder, IReadOnlyDictionary<string, string?> settings, string logFile, CancellationToken cancellationToken)
    {
        var rpc = new WorkerRpc();
        var server = Serve(rpc);
        await server.StartAsync(cancellationToken);
        using var hostJson = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "host.json"), cancellationToken));
        var host = new FunctionsHost(
            server,
            () => FunctionWorker.StartAsync(folder, Address(server), rpc, settings, logFile, cancellationToken),
            hostJson.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString()!);
        try
        {
            await host.StartWorkerAsync();
            host._work = WorkItems.Start(Address(server), host.InvokeAsync);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request as a client of the app would, with a path from the root.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The same one to the end: another may follow meanwhile.
        var worker = Worker;
        var path = request.RequestUri!.OriginalString;
        var (function, values) = new HttpRoutes(worker.Functions, _prefix).Find(request.Method, path.Split('?')[0]);
        var invocation = new Invocation(function, new TypedData { Http = new RpcHttp() }, Client()) { Route = values };
        request.RequestUri = new Uri(new Uri(worker.Capabilities["HttpUri"]), path);
        request.Headers.Add(InvocationHeader, invocation.Id);

        var answering = _http.SendAsync(request, cancellationToken);
        var outcome = await worker.InvokeAsync(invocation, cancellationToken);
        if (outcome.Result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"{function.Name} failed: {outcome.Result.Exception?.Message}");
        return await answering;
    }

    /// <summary>Kills the worker when it has run the function for the first time, and starts another. The answer is lost: that one does it again, and whatever else was under way.</summary>
    /// <returns>Completes when the other one runs.</returns>
    public Task ReplaceWorkerAfterAsync(string function)
    {
        _deadly = function;
        return _replaced.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (_work is not null) await _work.DisposeAsync();
        foreach (var worker in _workers) await worker.DisposeAsync();
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private static WebApplication Serve(WorkerRpc rpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore().AddLogging();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = FunctionWorker.MaxMessageBytes);
        builder.Services.AddSingleton(rpc);
        builder.Services.AddDurableBackEnd();
        var server = builder.Build();
        server.MapGrpcService<WorkerRpc>();
        server.MapDurableBackEnd();
        return server;
    }

    private static Uri Address(WebApplication server) => new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private string Client() => DurableBackEnd.ClientBinding(Address(_server));

    private async Task ReplaceWorkerAsync(FunctionWorker worker)
    {
        _worker = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await worker.KillAsync();
        await StartWorkerAsync();
        _replaced.SetResult();
    }

    private async Task StartWorkerAsync()
    {
        _workers = [.. _workers, await _start()];
        _worker.SetResult(Worker);
    }

    // Work whose worker ended is given up and taken up again: SessionAbortedException in OutOfProcMiddleware of the durable extension.
    private async Task<InvocationResponse> InvokeAsync(string function, string trigger, CancellationToken cancellationToken)
    {
        while (true)
        {
            var worker = await _worker.Task.WaitAsync(cancellationToken);
            try
            {
                var invocation = new Invocation(worker.Functions.Single(known => known.Name == function), new TypedData { String = trigger }, Client());
                var answer = await worker.InvokeAsync(invocation, cancellationToken);
                if (_deadly != function || Interlocked.Exchange(ref _deadly, null) is null) return answer;
                await ReplaceWorkerAsync(worker);
            }
            catch (WorkerEndedException) when (worker.WasKilled)
            {
                // The next one does it.
            }
        }
    }
}
