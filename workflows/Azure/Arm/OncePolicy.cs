using Azure.Core;
using Azure.Core.Pipeline;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>The pipeline's own retries, but for messages that are to be sent once: their seconds of pauses do not fit into a write pause.</summary>
public sealed class OncePolicy(int maxRetries) : RetryPolicy(maxRetries)
{
    private const string Property = "Orchestrator.Once";

    public static void Apply(HttpMessage message) => message.SetProperty(Property, true);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => !IsOnce(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) => !IsOnce(message) && await base.ShouldRetryAsync(message, exception);

    private static bool IsOnce(HttpMessage message) => message.TryGetProperty(Property, out _);
}
