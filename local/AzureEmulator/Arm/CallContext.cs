namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>The ids of a call and the headers that every answer carries.</summary>
internal sealed class CallContext
{
    private readonly string? _echo;

    private CallContext(string correlationId, string? echo)
    {
        CorrelationId = correlationId;
        _echo = echo;
    }

    public string RequestId { get; } = Guid.NewGuid().ToString();

    public string CorrelationId { get; }

    public Dictionary<string, string> RateLimits { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static CallContext Of(HttpContext http)
    {
        var headers = http.Request.Headers;
        var correlation = headers["x-ms-correlation-request-id"].ToString();
        var echo = headers["x-ms-return-client-request-id"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase)
            ? headers["x-ms-client-request-id"].ToString()
            : null;
        return new CallContext(correlation.Length > 0 ? correlation : Guid.NewGuid().ToString(), echo);
    }

    public void AddHeaders(ArmResponse response)
    {
        var headers = response.Headers;
        headers["x-ms-request-id"] = RequestId;
        headers["x-ms-correlation-request-id"] = CorrelationId;
        headers["x-ms-routing-request-id"] = $"LOCAL:{DateTime.UtcNow:yyyyMMddTHHmmssZ}:{Guid.NewGuid()}";
        headers["Cache-Control"] = "no-cache";
        headers["Pragma"] = "no-cache";
        headers["Expires"] = "-1";
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains";
        headers["X-Content-Type-Options"] = "nosniff";
        headers["X-Cache"] = "CONFIG_NOCACHE";
        if (!string.IsNullOrEmpty(_echo)) headers["x-ms-client-request-id"] = _echo;
        foreach (var (name, value) in RateLimits) headers[name] = value;
    }
}
