namespace Orchestrator.Workflows.Azure.Http;

/// <summary>
/// Probes of a site. Each has a connection of its own, so that it goes where a new customer would go at that moment, and fails where one would; no
/// cookies, no redirects.
/// </summary>
public sealed class ProbeHttp(HttpClient client, TimeProvider time)
{
    /// <summary>The name of the client in the service collection.</summary>
    public const string Name = "probe";

    /// <summary>A probe that has no whole answer by then has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static SocketsHttpHandler Handler(AzureOptions options)
    {
        var handler = TrustedHandler.Create(options);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        return handler;
    }

    /// <returns>What was wrong: no answer, or one that blames the server; null where nothing was.</returns>
    public async Task<string?> SendAsync(string host, string path, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{host}{path}"));
        request.Headers.UserAgent.ParseAdd("Orchestrator/0.1");
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return (int)response.StatusCode >= 500 ? $"status {(int)response.StatusCode}" : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Limit.TotalSeconds:0} s";
        }
        catch (HttpRequestException unreachable)
        {
            return unreachable.HttpRequestError.ToString();
        }
    }
}
