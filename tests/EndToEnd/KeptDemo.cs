using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.EndToEnd;

/// <summary>A demo that ran to its end and was told to leave everything up, for the tests that ask the orchestrator something afterwards.</summary>
public sealed class KeptDemo : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private DemoProcess? _demo;

    public JsonElement Result { get; private set; }

    public async Task InitializeAsync()
    {
        _demo = DemoProcess.Start("--keep", "--objects", "400");
        Result = await _demo.LineAsync();
        _http.BaseAddress = new Uri(Address("orchestrator"));
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        if (_demo is not null)
        {
            await _demo.InterruptAsync();
            await _demo.EndAsync();
            await _demo.DisposeAsync();
        }
    }

    public string Address(string name) => Result.GetProperty("addresses").GetProperty(name).GetString()!;

    /// <param name="role">Null for a caller without a token.</param>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? role, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = role is null
            ? null
            : new AuthenticationHeaderValue("Bearer", Result.GetProperty("tokens").GetProperty(role).GetString());
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
