namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Requests that fail because a test chose them.</summary>
public sealed class StoreFaultRule
{
    private readonly Func<StoreRequest, bool> _which;
    private readonly int _status;
    private readonly string _code;
    private int _left;
    private int _hits;

    internal StoreFaultRule(Func<StoreRequest, bool> which, int status, string code, int times) =>
        (_which, _status, _code, _left) = (which, status, code, times);

    /// <summary>Sent with each answer, in whole seconds, where set.</summary>
    public TimeSpan? RetryAfter { get; set; }

    public int Hits => _hits;

    /// <summary>Later requests pass.</summary>
    public void Stop() => Volatile.Write(ref _left, 0);

    internal bool Takes(StoreRequest request)
    {
        if (!_which(request) || Volatile.Read(ref _left) <= 0 || Interlocked.Decrement(ref _left) < 0) return false;
        Interlocked.Increment(ref _hits);
        return true;
    }

    internal HttpResponseMessage Answer()
    {
        var answer = StoreAnswer.Error(_status, _code, "A test wants this request to fail.");
        if (RetryAfter is { } wait) answer.Headers.Add("Retry-After", $"{(int)wait.TotalSeconds}");
        return answer;
    }
}
