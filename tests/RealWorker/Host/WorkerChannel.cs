using System.Collections.Concurrent;
using Grpc.Core;
using Orchestrator.RealWorker.Host.Protocol;
using Content = Orchestrator.RealWorker.Host.Protocol.StreamingMessage.ContentOneofCase;

namespace Orchestrator.RealWorker.Host;

/// <summary>The host's end of the stream to a worker: sends requests, finds the answer to each, keeps what the worker logs.</summary>
internal sealed class WorkerChannel : IDisposable
{
    private readonly TaskCompletionSource<IServerStreamWriter<StreamingMessage>> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _waiting = new();
    private readonly SemaphoreSlim _oneWriter = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<RpcLog> Logs { get; } = new();

    /// <summary>Serves the stream until its worker has ended.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> from, IServerStreamWriter<StreamingMessage> to, CancellationToken cancellationToken)
    {
        _connected.TrySetResult(to);
        try
        {
            await foreach (var message in from.ReadAllAsync(cancellationToken)) Take(message);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The worker's process is gone.
        }
        finally
        {
            End();
        }
    }

    /// <summary>Nothing comes any more; whoever waits is told.</summary>
    public void End() => _ended.TrySetResult();

    public async Task SendAsync(StreamingMessage message, CancellationToken cancellationToken)
    {
        var stream = await UnlessEndedAsync(_connected.Task, cancellationToken);
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            await stream.WriteAsync(message, cancellationToken);
        }
        catch (InvalidOperationException gone)
        {
            throw new WorkerEndedException(gone.Message);
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
            return await UnlessEndedAsync(answer.Task, cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(message.RequestId, out _);
        }
    }

    public void Dispose() => _oneWriter.Dispose();

    private async Task<T> UnlessEndedAsync<T>(Task<T> wanted, CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(wanted, _ended.Task).WaitAsync(cancellationToken);
        return first == wanted || wanted.IsCompleted ? await wanted : throw new WorkerEndedException("The worker has ended.");
    }

    private void Take(StreamingMessage message)
    {
        if (message.ContentCase == Content.RpcLog) Logs.Enqueue(message.RpcLog);
        else if (_waiting.TryGetValue(message.RequestId, out var answer)) answer.TrySetResult(message);
    }
}
