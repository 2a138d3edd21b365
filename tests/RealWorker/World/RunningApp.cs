using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Local.Demo;
using Orchestrator.RealWorker.Host;

namespace Orchestrator.RealWorker.World;

/// <summary>The app on a worker, as its users reach it.</summary>
internal sealed class RunningApp(FunctionsHost host, Tokens tokens) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public FunctionsHost Host => host;

    /// <summary>A call as somebody makes it; as nobody where <paramref name="person"/> is null.</summary>
    public async Task<(HttpResponseMessage Response, string Body)> CallAsync(HttpMethod method, string path, Person? person = null, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (person is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(person));
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        var response = await host.SendAsync(request, CancellationToken.None);
        return (response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a call that must be accepted.</summary>
    public async Task AskAsync(string path, Person person, JsonObject body)
    {
        var (response, text) = await CallAsync(HttpMethod.Post, path, person, body);
        Assert.True((int)response.StatusCode is 200 or 202, $"{path} was answered {response.StatusCode}: {text}");
    }

    public async Task<JsonElement> ReadAsync(string path)
    {
        var (response, text) = await CallAsync(HttpMethod.Get, path, Tokens.Eve);
        Assert.True(response.IsSuccessStatusCode, $"{path} was answered {response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <returns>The run, once it is as wanted.</returns>
    public async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var glances = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var run = await ReadAsync($"/api/migrations/{id}");
        while (!wanted(run))
        {
            // What never comes is told with what stands there instead.
            if (patience.IsCancellationRequested) Assert.Fail($"The run is {run}\n{string.Join('\n', host.Errors)}");
            await glances.WaitForNextTickAsync(CancellationToken.None);
            run = await ReadAsync($"/api/migrations/{id}");
        }

        return run;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
