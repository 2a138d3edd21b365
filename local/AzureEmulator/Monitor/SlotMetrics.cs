namespace Orchestrator.Local.AzureEmulator.Monitor;

/// <summary>What happened in one second.</summary>
internal sealed class MetricBucket(long second)
{
    public long Second => second;

    public long Requests { get; set; }

    public long Http4xx { get; set; }

    public long Http5xx { get; set; }

    public double Seconds { get; set; }

    public double MinSeconds { get; set; } = double.MaxValue;

    public double MaxSeconds { get; set; }
}

/// <summary>Requests, errors and times of one slot, in buckets of a second, kept for six hours.</summary>
internal sealed class SlotMetrics
{
    private const int Kept = 6 * 3600;
    private readonly Lock _sync = new();
    private readonly LinkedList<MetricBucket> _buckets = new();

    public long Requests { get; private set; }

    public long Http4xx { get; private set; }

    public long Http5xx { get; private set; }

    /// <summary>Answers that the front end made itself because no worker could: these reach no worker and are in no metric of Azure's.</summary>
    public long Unserved { get; private set; }

    public void Record(int status, TimeSpan duration, DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        var seconds = duration.TotalSeconds;
        lock (_sync)
        {
            if (_buckets.Last?.Value is not { } bucket || bucket.Second < second)
            {
                bucket = new MetricBucket(second);
                _buckets.AddLast(bucket);
                if (_buckets.Count > Kept) _buckets.RemoveFirst();
            }

            bucket.Requests++;
            bucket.Seconds += seconds;
            bucket.MinSeconds = Math.Min(bucket.MinSeconds, seconds);
            bucket.MaxSeconds = Math.Max(bucket.MaxSeconds, seconds);
            Requests++;
            if (status is >= 400 and < 500)
            {
                bucket.Http4xx++;
                Http4xx++;
            }
            else if (status >= 500)
            {
                bucket.Http5xx++;
                Http5xx++;
            }
        }
    }

    public void RecordUnserved()
    {
        lock (_sync) Unserved++;
    }

    /// <summary>Copies of the seconds that the span touches.</summary>
    public IReadOnlyList<MetricBucket> Between(DateTimeOffset from, DateTimeOffset to)
    {
        var (first, end) = (from.ToUnixTimeSeconds(), (to.ToUnixTimeMilliseconds() + 999) / 1000);
        var found = new List<MetricBucket>();
        lock (_sync)
        {
            for (var node = _buckets.Last; node is not null && node.Value.Second >= first; node = node.Previous)
            {
                var bucket = node.Value;
                if (bucket.Second >= end) continue;
                found.Add(new MetricBucket(bucket.Second)
                {
                    Requests = bucket.Requests,
                    Http4xx = bucket.Http4xx,
                    Http5xx = bucket.Http5xx,
                    Seconds = bucket.Seconds,
                    MinSeconds = bucket.MinSeconds,
                    MaxSeconds = bucket.MaxSeconds,
                });
            }
        }

        found.Reverse();
        return found;
    }
}
