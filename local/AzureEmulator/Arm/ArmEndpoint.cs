using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Control;
using Orchestrator.Local.AzureEmulator.Monitor;

namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>The HTTP face of ARM: what is true for every call, whatever it is about.</summary>
internal sealed class ArmEndpoint(ArmRouter router, RateLimits limits, CallLog calls, FaultBook faults, ActivityLog activity)
{
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 128 };

    public async Task InvokeAsync(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        var path = http.Request.Path.Value ?? "/";
        var call = calls.Begin(http.Request.Method, path, http.Request.QueryString.Value ?? "");
        var context = CallContext.Of(http);
        call.CorrelationId = context.CorrelationId;
        var response = await AnswerAsync(http, context, call);
        call.DurationMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (response is null)
        {
            http.Abort();
            return;
        }

        call.Status = response.Status;
        context.AddHeaders(response);
        await WriteAsync(http, response);
    }

    /// <returns>Null when the connection is to be reset.</returns>
    private async Task<ArmResponse?> AnswerAsync(HttpContext http, CallContext context, Call call)
    {
        var fault = faults.Take(call.Method, null, call.Path);
        if (fault is not null) call.Fault = $"{fault.Id}: {fault.When}".ToLowerInvariant();
        if (fault is { When: FaultTime.Before })
        {
            var (replaced, response) = await ApplyAsync(fault.Action, http.RequestAborted);
            if (replaced) return response;
        }

        var answer = await HandleAsync(http, context, call);
        if (fault is not { When: FaultTime.After }) return answer;
        call.EffectStatus = answer.Status;
        var (lost, substitute) = await ApplyAsync(fault.Action, http.RequestAborted);
        return lost ? substitute : answer;
    }

    private static async Task<(bool Replaced, ArmResponse? Response)> ApplyAsync(FaultAction action, CancellationToken cancellationToken)
    {
        if (action.DelayMs is { } delay) await Task.Delay(delay, cancellationToken);
        if (action.Drop) return (true, null);
        if (action.Throttle is { } throttle) return (true, RateLimits.Throttled("read", throttle.RetryAfter));
        if (action.Status is not { } status) return (false, null);
        var response = new ArmResponse(status, action.Body?.DeepClone());
        foreach (var (name, value) in action.Headers ?? []) response.Headers[name] = value;
        return (true, response);
    }

    private async Task<ArmResponse> HandleAsync(HttpContext http, CallContext context, Call call)
    {
        try
        {
            RequireToken(http);
            var version = RequireApiVersion(http);
            var body = await ReadAsync(http);
            call.Body = Redaction.Of(call.Path, body);
            var request = new ArmRequest
            {
                Method = call.Method,
                Target = ArmTarget.Parse(call.Path),
                Body = body,
                Query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                Headers = http.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                Endpoint = $"{http.Request.Scheme}://{http.Request.Host}",
                ApiVersion = version,
                RequestId = context.RequestId,
                CorrelationId = context.CorrelationId,
            };
            limits.Take(request, context);
            var response = await router.DispatchAsync(request, CancellationToken.None);
            activity.Record(request, response.Status);
            if ("Microsoft.Web".Equals(request.Target.Namespace, StringComparison.OrdinalIgnoreCase)) response.With("X-AspNet-Version", "4.0.30319").With("X-Powered-By", "ASP.NET");
            return response;
        }
        catch (ArmException refusal)
        {
            return refusal.ToResponse();
        }
        catch (Exception broken)
        {
            // The edge: whatever went wrong inside becomes a 500 in ARM's envelope, never an empty one.
            return ArmException.Of(500, "InternalServerError", broken.ToString()).ToResponse();
        }
    }

    private static void RequireToken(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(header[7..])) return;
        var refusal = ArmException.Of(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
        refusal.Headers["WWW-Authenticate"] =
            $"Bearer authorization_uri=\"https://login.windows.net/{Guid.Empty}\", error=\"invalid_token\", error_description=\"The authentication failed because of missing 'Authorization' header.\"";
        throw refusal;
    }

    private static string RequireApiVersion(HttpContext http)
    {
        var version = http.Request.Query["api-version"].ToString();
        if (version.Length == 0)
            throw ArmException.Of(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        if (version.Length < 10 || !DateOnly.TryParseExact(version[..10], "yyyy-MM-dd", out _))
            throw ArmException.Of(400, "InvalidApiVersionParameter", $"The api-version '{version}' is invalid.");
        return version;
    }

    private static async Task<JsonNode?> ReadAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        if (buffer.Length == 0) return null;
        try
        {
            return JsonNode.Parse(buffer.ToArray(), documentOptions: Lenient);
        }
        catch (JsonException problem)
        {
            throw ArmException.Of(400, "InvalidRequestContent", $"The request content was invalid and could not be deserialized: '{problem.Message}'.");
        }
    }

    private static async Task WriteAsync(HttpContext http, ArmResponse response)
    {
        http.Response.StatusCode = response.Status;
        foreach (var (name, value) in response.Headers) http.Response.Headers[name] = value;
        if (response.Body is null || response.Status is 204 or 304)
        {
            if (response.Status is not (204 or 304)) http.Response.ContentLength = 0;
            return;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(response.Body, Json.Web);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
