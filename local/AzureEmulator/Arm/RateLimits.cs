using System.Collections.Concurrent;

namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>Azure's token buckets for each subscription: what is left stands in headers; whether an empty one refuses is a setting.</summary>
internal sealed class RateLimits(EmulatorOptions options)
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.OrdinalIgnoreCase);

    public void Take(ArmRequest request, CallContext context)
    {
        var kind = request.Method switch
        {
            "GET" or "HEAD" => "reads",
            "DELETE" => "deletes",
            _ => "writes",
        };
        var (capacity, perSecond) = kind == "reads" ? (250, 25) : (200, 10);
        var scope = request.Target.Subscription ?? "tenant";
        var remaining = _buckets.GetOrAdd($"{scope}/{kind}", _ => new Bucket(capacity, perSecond)).Take();
        var global = _buckets.GetOrAdd($"{scope}/global-{kind}", _ => new Bucket(capacity * 15, perSecond * 15)).Take();
        var level = request.Target.Subscription is null ? "tenant" : "subscription";
        var own = ProviderLimits(request) ? "subscription-resource-requests" : $"{level}-{kind}";
        context.RateLimits[$"x-ms-ratelimit-remaining-{own}"] = $"{Math.Max(0, (int)remaining)}";
        context.RateLimits[$"x-ms-ratelimit-remaining-{level}-global-{kind}"] = $"{Math.Max(0, (int)global)}";
        if (options.EnforceRateLimits && remaining < 0)
        {
            var refusal = Refusal(kind.TrimEnd('s'), (int)Math.Ceiling(-remaining / perSecond));
            throw refusal;
        }
    }

    /// <summary>Where Microsoft.Web counts itself: writes of sites and slots, and the calls that list settings.</summary>
    private static bool ProviderLimits(ArmRequest request) => request.Method switch
    {
        "PUT" => request.Target.Pattern is "microsoft.web/sites/*" or "microsoft.web/sites/*/slots/*",
        "POST" => request.Target.Pattern.StartsWith("microsoft.web/", StringComparison.Ordinal) && request.Target.Pattern.EndsWith("/list", StringComparison.Ordinal),
        _ => false,
    };

    public static ArmResponse Throttled(string kind, int retryAfter) => Refusal(kind, retryAfter).ToResponse();

    private static ArmException Refusal(string kind, int retryAfter)
    {
        var refusal = ArmException.Of(
            429, "SubscriptionRequestsThrottled", $"Number of '{kind}' requests for subscription '{Guid.Empty}' actor '{Guid.Empty}' exceeded. Please try again after '{retryAfter}' seconds.");
        refusal.Headers["Retry-After"] = $"{retryAfter}";
        return refusal;
    }

    private sealed class Bucket(double capacity, double perSecond)
    {
        private readonly Lock _sync = new();
        private double _taken;
        private long _filled = TimeProvider.System.GetTimestamp();

        /// <returns>What is left; below zero the call was one too many and took nothing.</returns>
        public double Take()
        {
            lock (_sync)
            {
                var now = TimeProvider.System.GetTimestamp();
                _taken = Math.Max(0, _taken - (TimeProvider.System.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
                _filled = now;
                var left = capacity - _taken - 1;
                if (left >= 0) _taken++;
                return left;
            }
        }
    }
}
