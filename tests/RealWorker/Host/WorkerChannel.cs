using System.Collections.Concurrent;
using Grpc.Core;
using Orchestrator.RealWorker.Host.Protocol;
using Content = Orchestrator.RealWorker.Host.Protocol.StreamingMessage.ContentOneofCase;

namespace Orchestrator.RealWorker.Host;

/// <summary>The host's end of the stream to its one worker: sends requests, finds the answer to each, keeps what the worker logs.</summary>
internal sealed class WorkerChannel : FunctionRpc.FunctionRpcBase, IDisposable
{
    private readonly TaskCompletionSource<IServerStreamWriter<StreamingMessage>> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _waiting = new();
    private readonly SemaphoreSlim _oneWriter = new(1);

    /// <summary>Completes with the worker's id when it has connected.</summary>
    public TaskCompletionSource<string> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<RpcLog> Logs { get; } = new();

    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        _connected.TrySetResult(responseStream);
        try
        {
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken)) Take(message);
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            // The worker's process has ended.
        }
        finally
        {
            foreach (var waiting in _waiting.Values) waiting.TrySetException(new InvalidOperationException("The worker has ended."));
        }
    }

    public async Task SendAsync(StreamingMessage message, CancellationToken cancellationToken)
    {
        var stream = await _connected.Task.WaitAsync(cancellationToken);
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            await stream.WriteAsync(message, cancellationToken);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>Sends and waits for the message that carries the same request id.</summary>
    public async Task<StreamingMessage> AskAsync(StreamingMessage message, CancellationToken cancellationToken)
    {
        message.RequestId = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[message.RequestId] = answer;
        try
        {
            await SendAsync(message, cancellationToken);
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(message.RequestId, out _);
        }
    }

    public void Dispose() => _oneWriter.Dispose();

    private void Take(StreamingMessage message)
    {
        if (message.ContentCase == Content.StartStream) Started.TrySetResult(message.StartStream.WorkerId);
        else if (message.ContentCase == Content.RpcLog) Logs.Enqueue(message.RpcLog);
        else if (_waiting.TryGetValue(message.RequestId, out var answer)) answer.TrySetResult(message);
    }
}
