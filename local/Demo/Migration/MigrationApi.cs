using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.Demo.Migration;

/// <summary>
/// The orchestrator's HTTP API as a user calls it. A connection that fails is tried again for a while: with <c>--kill-at</c> the app is
/// away for some seconds, and every call here may be repeated.
/// </summary>
internal sealed class MigrationApi(Uri address, Tokens tokens) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    private string? _tag;

    public async Task<Run> StartAsync(JsonObject spec, Person requester, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString();
        using var answer = await SendAsync(() =>
        {
            var request = Request(HttpMethod.Post, "/api/migrations", requester);
            request.Content = JsonContent.Create(spec);
            request.Headers.Add("Idempotency-Key", key);
            return request;
        }, cancellationToken);
        return await ReadAsync<Run>(answer, HttpStatusCode.Accepted, cancellationToken);
    }

    /// <summary>The run, once it is another than the one seen last; that one again when <paramref name="wait"/> passes without a change.</summary>
    public async Task<Run> GetAsync(Run seen, TimeSpan wait, CancellationToken cancellationToken)
    {
        var query = wait > TimeSpan.Zero ? $"?wait=PT{wait.TotalSeconds:0}S" : "";
        using var answer = await SendAsync(() =>
        {
            var request = Request(HttpMethod.Get, $"/api/migrations/{seen.Id}{query}", Tokens.Eve);
            request.Headers.IfNoneMatch.ParseAdd(_tag);
            return request;
        }, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotModified)
        {
            return seen;
        }

        var run = await ReadAsync<Run>(answer, HttpStatusCode.OK, cancellationToken);
        _tag = answer.Headers.ETag?.ToString();
        return run;
    }

    public async Task AnswerAsync(PendingApproval question, string decision, string comment, Person approver, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() =>
        {
            var request = Request(HttpMethod.Post, $"/api/approvals/{question.Id}", approver);
            request.Content = JsonContent.Create(new { decision, comment, digest = question.Digest });
            return request;
        }, cancellationToken);

        // 409: an attempt whose reply was lost had been heard.
        if (answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.Conflict))
        {
            throw await UnexpectedAsync(answer, cancellationToken);
        }
    }

    public async Task RollBackAsync(string id, string reason, Person operatingPerson, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() =>
        {
            var request = Request(HttpMethod.Post, $"/api/migrations/{id}/rollback", operatingPerson);
            request.Content = JsonContent.Create(new { reason });
            return request;
        }, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Accepted)
        {
            throw await UnexpectedAsync(answer, cancellationToken);
        }
    }

    /// <summary>The report as a page; null where there is none.</summary>
    public async Task<string?> ReportAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() =>
        {
            var request = Request(HttpMethod.Get, $"/api/migrations/{id}/report", Tokens.Eve);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
            return request;
        }, cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => await answer.Content.ReadAsStringAsync(cancellationToken),
            HttpStatusCode.NotFound => null,
            _ => throw await UnexpectedAsync(answer, cancellationToken),
        };
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path, Person person) => new(method, path)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(person)) },
    };

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> compose, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var request = compose();
            try
            {
                var answer = await _http.SendAsync(request, cancellationToken);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (HttpRequestException) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                // Away for the moment.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, HttpStatusCode expected, CancellationToken cancellationToken) =>
        answer.StatusCode == expected
            ? (await answer.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!
            : throw await UnexpectedAsync(answer, cancellationToken);

    private static async Task<DemoException> UnexpectedAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        new($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri} was answered {(int)answer.StatusCode}: "
            + await answer.Content.ReadAsStringAsync(cancellationToken));
}
