namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>A site's figures over a time span, as the platform counted them; null: no data.</summary>
/// <param name="ResponseSeconds">The mean response time in seconds.</param>
public sealed record SiteTraffic(DateTimeOffset From, DateTimeOffset To, double? Requests, double? Http5xx, double? ResponseSeconds)
{
    /// <summary>Server errors per request, 0 to 1; null without data or without requests.</summary>
    public double? ErrorRate => Requests is > 0 && Http5xx is { } failed ? failed / Requests : null;

    public double? RequestsPerSecond => Requests is { } total && To > From ? total / (To - From).TotalSeconds : null;
}
