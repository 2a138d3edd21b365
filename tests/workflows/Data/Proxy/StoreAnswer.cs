using System.Net;
using System.Text;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Answers that the proxy gives itself, shaped as Azure's.</summary>
internal static class StoreAnswer
{
    /// <param name="details">Elements that follow the message.</param>
    public static HttpResponseMessage Error(int status, string code, string message, string details = "")
    {
        var answer = Empty(status);
        answer.Headers.Add("x-ms-error-code", code);
        answer.Content = new StringContent(
            $"""<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message>{details}</Error>""",
            Encoding.UTF8, "application/xml");
        return answer;
    }

    public static HttpResponseMessage Empty(int status)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([]) };
        answer.Headers.Add("x-ms-request-id", Guid.NewGuid().ToString());
        answer.Headers.Add("x-ms-version", "2023-01-03");
        return answer;
    }

    public static HttpResponseMessage Busy(TimeSpan? retryAfter)
    {
        var answer = Error(503, "ServerBusy", "The server is busy.");
        if (retryAfter is { } wait) answer.Headers.Add("Retry-After", $"{(int)wait.TotalSeconds}");
        return answer;
    }

    public static HttpResponseMessage CannotVerifyCopySource(int status, string message) => Error(status, "CannotVerifyCopySource", message);
}
