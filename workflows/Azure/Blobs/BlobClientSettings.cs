using Azure.Core;
using Azure.Storage.Blobs;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// One request is tried five times within about 160 seconds, honouring Retry-After, so that an activity's budget of a minute plus its last
/// request stays under four minutes.
/// </summary>
internal static class BlobClientSettings
{
    /// <param name="gate">Told of each answer that says the store is too busy.</param>
    /// <param name="unanswered">Told of each write without an answer.</param>
    public static BlobClientOptions Create(AdaptiveGate? gate = null, UnansweredWrites? unanswered = null)
    {
        var options = Create();
        if (gate is not null) options.AddPolicy(new ThrottlePolicy(gate), HttpPipelinePosition.PerRetry);
        if (unanswered is not null) options.AddPolicy(unanswered, HttpPipelinePosition.PerRetry);
        return options;
    }

    private static BlobClientOptions Create() => new()
    {
        // A name may begin and end with slashes.
        TrimBlobNameSlashes = false,
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = 4,
            Delay = TimeSpan.FromMilliseconds(400),
            MaxDelay = TimeSpan.FromSeconds(8),
            NetworkTimeout = TimeSpan.FromSeconds(30),
        },
        // Thousands of requests a second: their story is told by counts, not one line each.
        Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
    };
}
