using System.Net;
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
    /// <param name="key">The idempotency key.</param>
    public async Task<(HttpResponseMessage Response, string Body)> CallAsync(HttpMethod method, string path, Person? person = null, JsonNode? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (person is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(person));
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        var response = await host.SendAsync(request, CancellationToken.None);
        return (response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a call that must be accepted; once more where no answer came.</summary>
    public async Task AskAsync(string path, Person person, JsonObject body)
    {
        var (key, isRepeated) = (Guid.NewGuid().ToString(), false);
        while (true)
        {
            try
            {
                var (response, text) = await CallAsync(HttpMethod.Post, path, person, body, key);
                // 409: the first try, whose answer was lost, had been heard.
                Assert.True(response.IsSuccessStatusCode || (isRepeated && response.StatusCode == HttpStatusCode.Conflict), $"{path} was answered {response.StatusCode}: {text}");
                return;
            }
            catch (Exception away) when (IsAway(away))
            {
                isRepeated = true;
                await Task.Delay(100);
            }
        }
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
        var seen = default(JsonElement);
        while (seen.ValueKind == JsonValueKind.Undefined || !wanted(seen))
        {
            // What never comes is told with what stands there instead.
            if (patience.IsCancellationRequested) Assert.Fail($"The run is {seen}\n{string.Join('\n', host.Errors)}");
            await glances.WaitForNextTickAsync(CancellationToken.None);
            try
            {
                seen = await ReadAsync($"/api/migrations/{id}");
            }
            catch (Exception away) when (IsAway(away))
            {
                // Another worker is on its way.
            }
        }

        return seen;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    // A client of the real host would be answered with a 5xx.
    private static bool IsAway(Exception failure) => failure is WorkerEndedException or HttpRequestException;
}
