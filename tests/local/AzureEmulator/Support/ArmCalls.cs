using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Tests.Support;

internal sealed record ArmAnswer(int Status, HttpResponseHeaders Headers, JsonNode? Body, string Text)
{
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    public string? Text1(params string[] path)
    {
        var node = Body;
        foreach (var name in path) node = node?[name];
        return (string?)node;
    }
}

/// <summary>ARM calls as any client makes them.</summary>
internal sealed class ArmCalls(HttpClient http)
{
    public HttpClient Http => http;

    public async Task<ArmAnswer> SendAsync(string method, string path, string? body = null, string? query = null, params (string Name, string Value)[] headers)
    {
        var uri = path.StartsWith("https:", StringComparison.Ordinal) ? path : $"{path}?api-version=2022-09-01{(query is null ? "" : "&" + query)}";
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "token");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = new StringContent(body, null, "application/json");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new ArmAnswer((int)response.StatusCode, response.Headers, text.Length > 0 ? JsonNode.Parse(text) : null, text);
    }

    public async Task<JsonNode?> OkAsync(string method, string path, string? body = null)
    {
        var answer = await SendAsync(method, path, body);
        Assert.True(answer.Status is >= 200 and < 300, $"{method} {path}: {answer.Status} {answer.Text}");
        return answer.Body;
    }

    /// <summary>Sends and polls the newest Location, or the operation's status, until it is over.</summary>
    public async Task<ArmAnswer> SettleAsync(string method, string path, string? body = null)
    {
        var answer = await SendAsync(method, path, body);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(15));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (answer.Header("Azure-AsyncOperation") is { } status)
        {
            ArmAnswer poll;
            do
            {
                await timer.WaitForNextTickAsync(limit.Token);
                poll = await SendAsync("GET", status);
            }
            while (poll.Text1("status") == "Running");
            return poll;
        }

        while (answer.Status == 202)
        {
            await timer.WaitForNextTickAsync(limit.Token);
            answer = await SendAsync("GET", answer.Header("Location")!);
        }

        return answer;
    }
}
