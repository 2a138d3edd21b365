using System.Collections.Concurrent;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What went through the proxy since it started or was last reset.</summary>
public sealed class StoreCounters
{
    private readonly ConcurrentDictionary<StoreOperation, long> _requests = [];
    private readonly ConcurrentDictionary<string, bool> _ids = new(StringComparer.Ordinal);
    private long _retries;
    private long _bytesUp;
    private long _bytesDown;
    private long _bytesFromUrl;

    /// <summary>Requests of one kind, whatever became of them.</summary>
    public long this[StoreOperation operation] => _requests.GetValueOrDefault(operation);

    public long Requests => _requests.Values.Sum();

    /// <summary>Requests that the client had sent before: a client repeats its request id when it tries again.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Bodies of requests.</summary>
    public long BytesUp => Interlocked.Read(ref _bytesUp);

    /// <summary>Bodies of answers.</summary>
    public long BytesDown => Interlocked.Read(ref _bytesDown);

    /// <summary>What the proxy, in the store's place, read from sources; it did not pass through the client.</summary>
    public long BytesFromUrl => Interlocked.Read(ref _bytesFromUrl);

    public void Reset()
    {
        _requests.Clear();
        _ids.Clear();
        _retries = _bytesUp = _bytesDown = _bytesFromUrl = 0;
    }

    internal void Count(StoreRequest request)
    {
        _requests.AddOrUpdate(request.Operation, 1, (_, count) => count + 1);
        if (request.Header("x-ms-client-request-id") is { } id && !_ids.TryAdd(id, true)) Interlocked.Increment(ref _retries);
    }

    internal void Up(long bytes) => Interlocked.Add(ref _bytesUp, bytes);

    internal void Down(long bytes) => Interlocked.Add(ref _bytesDown, bytes);

    internal void FromUrl(long bytes) => Interlocked.Add(ref _bytesFromUrl, bytes);
}
