using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.Demo.Setup;

/// <summary>ARM as a user's script would call it: one request, and a poll of what it answers with 202.</summary>
internal sealed class Arm(HttpClient http)
{
    private const string WebVersion = "2022-09-01";
    private const string StorageVersion = "2023-05-01";
    private const string GroupVersion = "2022-09-01";
    private static readonly TimeSpan PollLimit = TimeSpan.FromMinutes(2);

    public const string Group = "/subscriptions/5d1f0f9c-5b0e-4b0a-9a6c-3f8f6f1e2a10/resourceGroups/shop";

    public Task<JsonNode?> PutAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, body, cancellationToken);

    public Task<JsonNode?> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    public Task<JsonNode?> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonNode?> PostAsync(string path, JsonNode? body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>The app settings of the site, or of a slot of it.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync(string site, CancellationToken cancellationToken)
    {
        var answer = await PostAsync($"{site}/config/appsettings/list", null, cancellationToken);
        return answer!["properties"].Deserialize<Dictionary<string, string>>()!;
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var version = path.Contains("Microsoft.Web", StringComparison.OrdinalIgnoreCase) ? WebVersion
            : path.Contains("Microsoft.Storage", StringComparison.OrdinalIgnoreCase) ? StorageVersion
            : GroupVersion;
        using var request = new HttpRequestMessage(method, $"{path}?api-version={version}");
        request.Content = body is null ? null : JsonContent.Create(body);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PollLimit);
        var answer = await http.SendAsync(request, limit.Token);
        while (answer.StatusCode == HttpStatusCode.Accepted && answer.Headers.Location is { } location)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
            answer.Dispose();
            answer = await http.GetAsync(location, limit.Token);
        }

        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.IsSuccessStatusCode
                ? text.Length == 0 ? null : JsonNode.Parse(text)
                : throw new DemoException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
        }
    }
}
