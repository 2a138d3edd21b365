using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Local.Demo.Processes;
using Orchestrator.RealWorker.Host.Protocol;

namespace Orchestrator.RealWorker.Host;

/// <summary>A worker's process with its functions indexed and loaded.</summary>
internal sealed class FunctionWorker : IAsyncDisposable
{
    public const int MaxMessageBytes = 128 * 1024 * 1024;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly WorkerChannel _channel;
    private readonly Child _process;

    private FunctionWorker(string folder, WorkerChannel channel, Child process) => (_folder, _channel, _process) = (folder, channel, process);

    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = null!;

    public IReadOnlyList<IndexedFunction> Functions { get; private set; } = null!;

    /// <summary>Whether it ended because it was to, so that another follows.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>What it has logged as an error or worse, so far.</summary>
    public IEnumerable<string> Errors => _channel.Logs.Where(log => log.Level is RpcLog.Types.Level.Error or RpcLog.Types.Level.Critical).Select(Line);

    /// <param name="folder">The published app.</param>
    /// <param name="host">Where the host listens.</param>
    /// <param name="settings">The app's settings, which the host hands over as environment variables.</param>
    public static async Task<FunctionWorker> StartAsync(
        string folder, Uri host, WorkerRpc rpc, IReadOnlyDictionary<string, string?> settings, string logFile, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        var channel = new WorkerChannel();
        rpc.Expect(id, channel);
        var worker = new FunctionWorker(folder, channel, Child.Start(Command(folder, host, id, settings), logFile));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StartLimit);
            await worker.LoadAsync(limit.Token);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has it run a function. The answer may be a failure.</summary>
    /// <exception cref="WorkerEndedException">It ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var request = new InvocationRequest
        {
            InvocationId = invocation.Id,
            FunctionId = invocation.Function.Metadata.FunctionId,
            InputData = { new ParameterBinding { Name = invocation.Function.TriggerName, Data = invocation.Trigger } },
            TraceContext = new RpcTraceContext { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01" },
        };
        foreach (var client in invocation.Function.Clients) request.InputData.Add(new ParameterBinding { Name = client, Data = new TypedData { String = invocation.Client } });
        // A route's parameters reach the function this way, and no other.
        foreach (var (name, value) in invocation.Route) request.TriggerMetadata.Add(name, new TypedData { String = value });
        return (await _channel.AskAsync(new StreamingMessage { InvocationRequest = request }, cancellationToken)).InvocationResponse;
    }

    /// <summary>Tells it to end, as the host does when it stops, and waits until it has.</summary>
    /// <returns>The exit code of its process.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        await _channel.SendAsync(new StreamingMessage { WorkerTerminate = new WorkerTerminate() }, cancellationToken);
        return await _process.WaitAsync(cancellationToken);
    }

    /// <summary>SIGKILL: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        WasKilled = true;
        await _process.KillAsync();
        _channel.End();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _channel.End();
        // The worker prints nothing; what it logs comes over the stream.
        await File.AppendAllLinesAsync(_process.LogFile, _channel.Logs.Select(Line));
        _channel.Dispose();
    }

    private static string Line(RpcLog log) => $"{log.Level} {log.Category}: {log.Message}{(log.Exception is null ? "" : Environment.NewLine + log.Exception.Message)}";

    // As in RpcWorkerContext and RpcWorkerProcess of Azure/azure-functions-host.
    private static Command Command(string folder, Uri host, string id, IReadOnlyDictionary<string, string?> settings)
    {
        using var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "worker.config.json")));
        var program = description.RootElement.GetProperty("description").GetProperty("defaultWorkerPath").GetString()!;
        var request = Guid.NewGuid();
        return new Command(
            "The worker", "dotnet",
            [
                Path.Combine(folder, program),
                "--host", host.Host, "--port", $"{host.Port}", "--workerId", id, "--requestId", $"{request}", "--grpcMaxMessageLength", $"{MaxMessageBytes}",
                "--functions-uri", host.AbsoluteUri, "--functions-worker-id", id, "--functions-request-id", $"{request}", "--functions-grpc-max-message-length", $"{MaxMessageBytes}",
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

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        using var started = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = EndWithProcessAsync(started.Token);
        try
        {
            var init = (await _channel.AskAsync(
                new StreamingMessage { WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.0", WorkerDirectory = _folder, FunctionAppDirectory = _folder } }, cancellationToken)).WorkerInitResponse;
            Demand(init.Result, "The worker's start");
            Capabilities = init.Capabilities;

            var index = (await _channel.AskAsync(
                new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = _folder } }, cancellationToken)).FunctionMetadataResponse;
            Demand(index.Result, "The worker's index");
            Functions = [.. index.FunctionMetadataResults.Select(metadata => new IndexedFunction(metadata))];
            foreach (var function in Functions) await LoadAsync(function, cancellationToken);
        }
        catch (WorkerEndedException)
        {
            throw new WorkerEndedException($"The worker ended while it was starting.{Environment.NewLine}{_process.Tail()}");
        }
        finally
        {
            await started.CancelAsync();
            await watching;
        }
    }

    private async Task LoadAsync(IndexedFunction function, CancellationToken cancellationToken)
    {
        var request = new FunctionLoadRequest { FunctionId = function.Metadata.FunctionId, Metadata = function.Metadata };
        var loaded = await _channel.AskAsync(new StreamingMessage { FunctionLoadRequest = request }, cancellationToken);
        Demand(loaded.FunctionLoadResponse.Result, $"Loading {function.Name}");
    }

    // A process that ends before it has connected has no stream whose end would tell.
    private async Task EndWithProcessAsync(CancellationToken started)
    {
        try
        {
            await _process.WaitAsync(started);
            _channel.End();
        }
        catch (OperationCanceledException)
        {
            // It runs.
        }
    }

    private static void Demand(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success) throw new InvalidOperationException($"{what} failed: {result.Exception?.Message}");
    }
}
