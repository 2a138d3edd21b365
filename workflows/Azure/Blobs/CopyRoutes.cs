using Azure;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// Which way objects go between two accounts: from store to store, or through this process. What a store cannot do is found by asking it. Where it can,
/// both ways are tried and the quicker one taken, for a while.
/// </summary>
internal sealed class CopyRoutes(TimeProvider time)
{
    private const int Trials = 24;
    private const int MaxRefusals = 3;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Trial> _trials = [];
    private readonly int[] _refusals = new int[2];
    private readonly bool[] _worked = new bool[2];
    private DateTimeOffset _askAgain;

    /// <summary>Whether the stores copy an object that fits into one request.</summary>
    public bool TakesWhole(long bytes)
    {
        lock (_lock)
        {
            if (IsRefused(ServerCall.Whole)) return false;
            var trial = TrialOf(bytes);
            if (trial.Until is { } until && time.GetUtcNow() >= until) trial = _trials[SizeClass(bytes)] = new Trial();
            return trial.Decide(time.GetUtcNow() + Lasts);
        }
    }

    /// <summary>Whether the stores copy an object block by block.</summary>
    public bool TakesBlocks
    {
        get { lock (_lock) return !IsRefused(ServerCall.Block); }
    }

    /// <summary>How long one object took.</summary>
    public void Took(bool byServer, long bytes, TimeSpan elapsed)
    {
        lock (_lock) TrialOf(bytes).Add(byServer, bytes, elapsed.TotalSeconds);
    }

    public void Worked(ServerCall call)
    {
        lock (_lock) _worked[(int)call] = true;
    }

    /// <summary>Notes an answer that may mean that the store cannot do it for this source.</summary>
    /// <returns>False where it means something else.</returns>
    public bool Refuses(ServerCall call, RequestFailedException answer)
    {
        if (answer.Status is not (400 or 401 or 403 or 404 or 405 or 409 or 501) || BlobErrors.IsOvertaken(answer)) return false;
        lock (_lock)
        {
            _refusals[(int)call] += answer.Status is 501 or 405 ? MaxRefusals : 1;
            _askAgain = time.GetUtcNow() + Lasts;
        }

        return true;
    }

    private bool IsRefused(ServerCall call)
    {
        if (time.GetUtcNow() >= _askAgain) _refusals.AsSpan().Clear();
        return _refusals[(int)call] >= MaxRefusals && !_worked[(int)call];
    }

    private Trial TrialOf(long bytes)
    {
        var of = SizeClass(bytes);
        return _trials.TryGetValue(of, out var trial) ? trial : _trials[of] = new Trial();
    }

    private static int SizeClass(long bytes) => bytes <= 256 << 10 ? 0 : 1;

    /// <summary>Times of the two ways under the same parallelism: what each takes for its objects tells what it carries in a second.</summary>
    private sealed class Trial
    {
        /// <summary>What an object costs beside its bytes, in bytes.</summary>
        private const long Overhead = 64 << 10;

        private readonly int[] _sent = new int[2];
        private readonly (int Count, double Seconds, long Bytes)[] _taken = new (int, double, long)[2];
        private bool _byServer;

        public DateTimeOffset? Until { get; private set; }

        public bool Decide(DateTimeOffset until)
        {
            if (Until is not null) return _byServer;
            if (_taken[0].Count >= Trials && _taken[1].Count >= Trials)
            {
                _byServer = Cost(1) <= Cost(0);
                Until = until;
                return _byServer;
            }

            var next = _sent[1] <= Trials ? 1 : 0;
            _sent[next]++;
            return next == 1;
        }

        public void Add(bool byServer, long bytes, double seconds)
        {
            ref var taken = ref _taken[byServer ? 1 : 0];
            taken = (taken.Count + 1, taken.Seconds + seconds, taken.Bytes + bytes + Overhead);
        }

        private double Cost(int way) => _taken[way].Seconds / _taken[way].Bytes;
    }
}

/// <summary>What a store is asked to do by itself.</summary>
internal enum ServerCall
{
    Whole,
    Block,
}
