namespace Orchestrator.Local.AzureEmulator.Monitor;

/// <summary>One metric of a site: what a bucket contributes to it. <see cref="Seconds"/> metrics average over requests.</summary>
internal sealed record SiteMetric(string Name, string Display, string Description, string Unit, string Primary, Func<MetricBucket, double> Value)
{
    public static readonly IReadOnlyList<SiteMetric> All =
    [
        new("Requests", "Requests", "The total number of requests regardless of their resulting HTTP status code.", "Count", "Total", bucket => bucket.Requests),
        new("Http4xx", "Http 4xx", "The count of requests resulting in an HTTP status code = 400 but < 500.", "Count", "Total", bucket => bucket.Http4xx),
        new("Http5xx", "Http Server Errors", "The count of requests resulting in an HTTP status code = 500 but < 600.", "Count", "Total", bucket => bucket.Http5xx),
        new("HttpResponseTime", "Response Time", "The time taken for the app to serve requests, in seconds.", "Seconds", "Average", bucket => bucket.Seconds),
        new("AverageResponseTime", "Average Response Time (deprecated)", "The average time taken for the app to serve requests, in seconds.", "Seconds", "Average", bucket => bucket.Seconds),
    ];

    private bool Seconds => Unit == "Seconds";

    /// <summary>The aggregate over buckets; null when there is nothing to aggregate.</summary>
    public double? Aggregate(string aggregation, IReadOnlyList<MetricBucket> buckets)
    {
        if (buckets.Count == 0) return null;
        var samples = buckets.Sum(bucket => bucket.Requests);
        return aggregation switch
        {
            "total" => buckets.Sum(Value),
            "count" => samples,
            "average" => buckets.Sum(Value) / (Seconds ? samples : buckets.Count),
            "minimum" => Seconds ? buckets.Min(bucket => bucket.MinSeconds) : buckets.Min(Value),
            "maximum" => Seconds ? buckets.Max(bucket => bucket.MaxSeconds) : buckets.Max(Value),
            _ => null,
        };
    }
}
