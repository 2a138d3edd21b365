using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Control;

/// <summary>One ARM call as it came and went. <see cref="Body"/> holds no secrets.</summary>
internal sealed class Call(long seq, DateTimeOffset time, string method, string path, string query)
{
    public long Seq => seq;

    public DateTimeOffset Time => time;

    public string Method => method;

    public string Path => path;

    public string Query => query;

    public JsonNode? Body { get; set; }

    /// <summary>Zero when the caller got no answer.</summary>
    public int Status { get; set; }

    /// <summary>What the handler answered, where a fault lost or replaced it.</summary>
    public int? EffectStatus { get; set; }

    public double DurationMs { get; set; }

    public string? Fault { get; set; }

    public string? CorrelationId { get; set; }
}

/// <summary>Every ARM call, in order of arrival; the oldest are forgotten beyond a hundred thousand.</summary>
internal sealed class CallLog
{
    private const int Kept = 100_000;
    private readonly Lock _sync = new();
    private readonly Queue<Call> _calls = new();
    private long _seq;

    public Call Begin(string method, string path, string query)
    {
        lock (_sync)
        {
            var call = new Call(++_seq, DateTimeOffset.UtcNow, method, path, query);
            _calls.Enqueue(call);
            if (_calls.Count > Kept) _calls.Dequeue();
            return call;
        }
    }

    public IReadOnlyList<Call> All()
    {
        lock (_sync) return [.. _calls];
    }

    public void Clear()
    {
        lock (_sync) _calls.Clear();
    }
}
