using Azure.Core;
using Azure.Storage.Blobs;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// One request is tried five times within about 160 seconds, honouring Retry-After, so that an activity's budget of a minute plus its last
/// request stays under four minutes.
/// </summary>
internal static class BlobClientSettings
{
    public static BlobClientOptions Create() => new()
    {
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
