using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Tells a gate of each answer, retries included, that says the store is too busy.</summary>
internal sealed class ThrottlePolicy(AdaptiveGate gate) : HttpPipelineSynchronousPolicy
{
    public override void OnReceivedResponse(HttpMessage message)
    {
        if (message.Response.Status is not (429 or 503)) return;
        var wait = message.Response.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        gate.Throttle(wait);
    }
}
