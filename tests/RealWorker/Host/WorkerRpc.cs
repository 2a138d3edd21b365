using System.Collections.Concurrent;
using Grpc.Core;
using Orchestrator.RealWorker.Host.Protocol;

namespace Orchestrator.RealWorker.Host;

/// <summary>Takes the streams of workers, each of which says first who it is.</summary>
internal sealed class WorkerRpc : FunctionRpc.FunctionRpcBase
{
    private readonly ConcurrentDictionary<string, WorkerChannel> _expected = new();

    public void Expect(string workerId, WorkerChannel channel) => _expected[workerId] = channel;

    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        if (!_expected.TryRemove(requestStream.Current.StartStream?.WorkerId ?? "", out var channel)) throw new Grpc.Core.RpcException(new Status(StatusCode.PermissionDenied, "Nobody expects this worker."));
        await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
    }
}
