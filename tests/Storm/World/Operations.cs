using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Orchestrator.Local.Demo;

namespace Orchestrator.Storm;

/// <summary>What an operator asks of a run. A call that meets no app is made again.</summary>
internal sealed class Operations(Uri address, Tokens tokens) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Whether the app knows the call at all: a run that it does not know is a problem of its own.</summary>
    public async Task<bool> CanRollBackAsync(CancellationToken cancellationToken)
    {
        using var answer = await PostAsync("/api/migrations/nobody/rollback", new { reason = "a look" }, cancellationToken);
        return answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
    }

    /// <param name="call">rollback or cancel.</param>
    /// <returns>False when the run's state does not allow it.</returns>
    public async Task<bool> AskAsync(string id, string call, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync($"/api/migrations/{id}/{call}", new { reason = "the storm wants it" }, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"The {call} was answered {answer.StatusCode}: {text}");
        return answer.StatusCode == HttpStatusCode.Accepted;
    }

    public async Task RetryAsync(string id, string decision, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync($"/api/migrations/{id}/decisions/{decision}", new { choice = "retry", reason = "the storm is over" }, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        // 409: an attempt whose answer was lost had been heard.
        Assert.True(answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"The decision was answered {answer.StatusCode}: {text}");
    }

    /// <summary>A document of the run as it is; empty where there is none.</summary>
    public async Task<string> DocumentAsync(string id, string name, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"/api/migrations/{id}{name}"), cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> PostAsync<T>(string path, T body, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> compose, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = compose();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(Tokens.Oli));
            try
            {
                var answer = await _http.SendAsync(request, cancellationToken);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) return answer;
                answer.Dispose();
            }
            catch (HttpRequestException)
            {
                // Killed, or on its way.
            }
            await Task.Delay(50, cancellationToken);
        }
    }
}
