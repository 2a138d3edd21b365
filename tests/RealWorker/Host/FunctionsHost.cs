using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Demo.Processes;
using Orchestrator.RealWorker.Durable;
using Orchestrator.RealWorker.Host.Protocol;

namespace Orchestrator.RealWorker.Host;

/// <summary>
/// Does for one worker what the Functions host does: starts its process, has it index and load its functions, hands it invocations, forwards HTTP to its own
/// endpoint, and runs the durable back end beside it. It scales nothing, fires no timers and restarts nothing.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";
    private const int MaxMessageBytes = 128 * 1024 * 1024;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private readonly string _folder;
    private readonly WebApplication _server;
    private readonly WorkerChannel _channel;
    private readonly Child _worker;
    private WorkItems? _work;
    private HttpRoutes _routes = null!;

    private FunctionsHost(string folder, WebApplication server, WorkerChannel channel, Child worker) => (_folder, _server, _channel, _worker) = (folder, server, channel, worker);

    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = null!;

    public WorkerMetadata Worker { get; private set; } = null!;

    public IReadOnlyList<IndexedFunction> Functions { get; private set; } = null!;

    /// <summary>What the worker has logged as an error or worse, so far.</summary>
    public IReadOnlyList<string> Errors => [.. _channel.Logs.Where(log => log.Level is RpcLog.Types.Level.Error or RpcLog.Types.Level.Critical).Select(Line)];

    /// <param name="folder">The published app.</param>
    /// <param name="settings">Its app settings, which the host hands it as environment variables.</param>
    public static async Task<FunctionsHost> StartAsync(string folder, IReadOnlyDictionary<string, string?> settings, string logFile, CancellationToken cancellationToken)
    {
        var channel = new WorkerChannel();
        var server = Serve(channel);
        await server.StartAsync(cancellationToken);
        var worker = Child.Start(Command(folder, Address(server), settings), logFile);
        var host = new FunctionsHost(folder, server, channel, worker);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StartLimit);
            await host.LoadAsync(limit.Token);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the worker run a function. The answer may be a failure.</summary>
    public Task<InvocationResponse> InvokeAsync(string function, string trigger, CancellationToken cancellationToken) =>
        InvokeAsync(Functions.Single(known => known.Name == function), new TypedData { String = trigger }, Guid.NewGuid().ToString(), cancellationToken);

    /// <summary>Sends a request as a client of the app would, with a path from the root.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.OriginalString;
        var (function, values) = _routes.Find(request.Method, path.Split('?')[0]);
        var invocation = Guid.NewGuid().ToString();
        request.RequestUri = new Uri(new Uri(Capabilities["HttpUri"]), path);
        request.Headers.Add(InvocationHeader, invocation);

        var answering = _http.SendAsync(request, cancellationToken);
        var outcome = await InvokeAsync(function, new TypedData { Http = new RpcHttp() }, invocation, cancellationToken, values);
        if (outcome.Result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"{function.Name} failed: {outcome.Result.Exception?.Message}");
        return await answering;
    }

    /// <summary>Tells the worker to end, as the host does when it stops, and waits until it has.</summary>
    /// <returns>The exit code of its process.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        await _channel.SendAsync(new StreamingMessage { WorkerTerminate = new WorkerTerminate() }, cancellationToken);
        return await _worker.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_work is not null) await _work.DisposeAsync();
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
        // The worker prints nothing; what it logs comes over the stream.
        await File.AppendAllLinesAsync(_worker.LogFile, _channel.Logs.Select(Line));
        _channel.Dispose();
        _http.Dispose();
    }

    private static string Line(RpcLog log) => $"{log.Level} {log.Category}: {log.Message}{(log.Exception is null ? "" : Environment.NewLine + log.Exception.Message)}";

    private static WebApplication Serve(WorkerChannel channel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore().AddLogging();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = MaxMessageBytes);
        builder.Services.AddSingleton(channel);
        builder.Services.AddDurableBackEnd();
        var server = builder.Build();
        server.MapGrpcService<WorkerChannel>();
        server.MapDurableBackEnd();
        return server;
    }

    private static Uri Address(WebApplication server) => new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    // As in RpcWorkerContext and RpcWorkerProcess of Azure/azure-functions-host.
    private static Command Command(string folder, Uri address, IReadOnlyDictionary<string, string?> settings)
    {
        var (worker, request) = (Guid.NewGuid(), Guid.NewGuid());
        return new Command(
            "The worker", "dotnet",
            [
                Path.Combine(folder, Description(folder).GetProperty("defaultWorkerPath").GetString()!),
                "--host", address.Host, "--port", $"{address.Port}", "--workerId", $"{worker}", "--requestId", $"{request}", "--grpcMaxMessageLength", $"{MaxMessageBytes}",
                "--functions-uri", address.AbsoluteUri, "--functions-worker-id", $"{worker}", "--functions-request-id", $"{request}",
                "--functions-grpc-max-message-length", $"{MaxMessageBytes}",
            ],
            folder)
        {
            Environment = new Dictionary<string, string?>(settings)
            {
                ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
                ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
                ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
            },
        };
    }

    private static JsonElement Description(string folder) => Read(folder, "worker.config.json").GetProperty("description");

    private static JsonElement Read(string folder, string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file))).RootElement;

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await UnlessEndedAsync(_channel.Started.Task, cancellationToken);
        var init = (await AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.0", WorkerDirectory = _folder, FunctionAppDirectory = _folder },
        }, cancellationToken)).WorkerInitResponse;
        Demand(init.Result, "The worker's start");
        (Capabilities, Worker) = (init.Capabilities, init.WorkerMetadata);

        var index = (await AskAsync(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = _folder } }, cancellationToken)).FunctionMetadataResponse;
        Demand(index.Result, "The worker's index");
        Functions = [.. index.FunctionMetadataResults.Select(metadata => new IndexedFunction(metadata))];
        foreach (var function in Functions)
        {
            var loaded = await AskAsync(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Metadata.FunctionId, Metadata = function.Metadata } }, cancellationToken);
            Demand(loaded.FunctionLoadResponse.Result, $"Loading {function.Name}");
        }

        _routes = new HttpRoutes(Functions, Read(_folder, "host.json").GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString()!);
        _work = WorkItems.Start(Address(_server), InvokeAsync);
    }

    private Task<StreamingMessage> AskAsync(StreamingMessage question, CancellationToken cancellationToken) =>
        UnlessEndedAsync(_channel.AskAsync(question, cancellationToken), cancellationToken);

    private async Task<T> UnlessEndedAsync<T>(Task<T> answer, CancellationToken cancellationToken)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = _worker.WaitAsync(answered.Token);
        var first = await Task.WhenAny(answer, ended);
        await answered.CancelAsync();
        if (first == ended && !cancellationToken.IsCancellationRequested) throw new InvalidOperationException($"The worker ended.{Environment.NewLine}{_worker.Tail()}");
        return await answer;
    }

    private static void Demand(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success) throw new InvalidOperationException($"{what} failed: {result.Exception?.Message}");
    }

    private async Task<InvocationResponse> InvokeAsync(
        IndexedFunction function, TypedData trigger, string invocation, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? values = null)
    {
        var request = new InvocationRequest
        {
            InvocationId = invocation,
            FunctionId = function.Metadata.FunctionId,
            InputData = { new ParameterBinding { Name = function.TriggerName, Data = trigger } },
            TraceContext = new RpcTraceContext { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01" },
        };
        // A route's parameters reach the function this way, and no other.
        foreach (var (name, value) in values ?? new Dictionary<string, string>()) request.TriggerMetadata.Add(name, new TypedData { String = value });
        foreach (var client in function.Clients) request.InputData.Add(new ParameterBinding { Name = client, Data = new TypedData { String = DurableBackEnd.ClientBinding(Address(_server)) } });
        return (await _channel.AskAsync(new StreamingMessage { InvocationRequest = request }, cancellationToken)).InvocationResponse;
    }
}
