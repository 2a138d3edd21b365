using System.Collections.Concurrent;

namespace Orchestrator.Local.Demo.Customers;

/// <summary>What customers were promised and what happened to them.</summary>
internal sealed class Ledger
{
    private const int FailuresKept = 200;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, byte[]> _orders = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];
    private readonly ConcurrentQueue<FailedRequest> _failures = new();
    private readonly ConcurrentQueue<ResponseTime> _responses = new();
    private readonly ConcurrentDictionary<long, int> _perSecond = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private TimeSpan? _closed;
    private int _requests;
    private int _failed;
    private int _refusedWrites;
    private TimeSpan? _firstRefused;
    private TimeSpan _lastRefused;
    private long _longestWriteTicks;

    /// <summary>Every acknowledged order's id, with the SHA-256 of the bytes that the shop answered.</summary>
    public IReadOnlyDictionary<string, byte[]> Orders => _orders;

    public IReadOnlyCollection<FailedRequest> Failures => _failures;

    public IReadOnlyCollection<ResponseTime> Responses => _responses;

    public int Requests => _requests;

    public int FailedRequests => _failed;

    /// <summary>Writes that were asked to come again: not failures, and requests all the same.</summary>
    public int RefusedWrites => _refusedWrites;

    /// <summary>From the first refused write to the last.</summary>
    public TimeSpan RefusedFor => _firstRefused is { } first ? _lastRefused - first : TimeSpan.Zero;

    /// <summary>The longest that an order took from the first attempt to its acknowledgement, a pause included.</summary>
    public TimeSpan LongestWrite => TimeSpan.FromTicks(_longestWriteTicks);

    /// <summary>Since the customers came, until they left.</summary>
    public TimeSpan Elapsed => _closed ?? TimeProvider.System.GetElapsedTime(_started);

    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    /// <summary>The lowest rate over any five whole seconds in a row; 0 before there were that many.</summary>
    public double SlowestRate
    {
        get
        {
            var seconds = (int)Window.TotalSeconds;
            var whole = (int)Elapsed.TotalSeconds;
            return Enumerable.Range(0, Math.Max(0, whole - seconds + 1))
                .Select(from => Enumerable.Range(from, seconds).Sum(second => _perSecond.GetValueOrDefault(second)) / Window.TotalSeconds)
                .DefaultIfEmpty().Min();
        }
    }

    /// <summary>Stops the clock.</summary>
    public void Close() => _closed ??= Elapsed;

    /// <summary>One of the acknowledged orders; null when there is none.</summary>
    public string? AnyOrder(Random random)
    {
        lock (_ids)
        {
            return _ids.Count == 0 ? null : _ids[random.Next(_ids.Count)];
        }
    }

    public void Answered(TimeSpan took)
    {
        Interlocked.Increment(ref _requests);
        _responses.Enqueue(new ResponseTime(TimeProvider.System.GetElapsedTime(_started), took));
        _perSecond.AddOrUpdate((long)Elapsed.TotalSeconds, 1, (_, count) => count + 1);
    }

    public void Refused()
    {
        var now = TimeProvider.System.GetElapsedTime(_started);
        lock (_ids)
        {
            _refusedWrites++;
            _firstRefused ??= now;
            _lastRefused = now;
        }
    }

    public void Failed(string request, string cause)
    {
        Interlocked.Increment(ref _failed);
        if (_failures.Count < FailuresKept)
        {
            _failures.Enqueue(new FailedRequest(Elapsed, request, cause));
        }
    }

    public void Acknowledged(string id, byte[] sha256, TimeSpan took)
    {
        _orders[id] = sha256;
        lock (_ids)
        {
            _ids.Add(id);
        }

        long longest;
        while ((longest = Interlocked.Read(ref _longestWriteTicks)) < took.Ticks
            && Interlocked.CompareExchange(ref _longestWriteTicks, took.Ticks, longest) != longest)
        {
            // Another customer wrote in between; look again.
        }
    }
}

/// <param name="At">When the answer came, since the customers came.</param>
internal sealed record ResponseTime(TimeSpan At, TimeSpan Took);

/// <param name="At">Since the customers came.</param>
internal sealed record FailedRequest(TimeSpan At, string Request, string Cause)
{
    public override string ToString() => $"{At.TotalSeconds:0.00} s  {Request}  {Cause}";
}
