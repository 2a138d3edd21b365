namespace Orchestrator.Workflows.Azure.Http;

/// <summary>HTTP to the sites themselves: probes and the write pause. No cookies, no redirects, no credentials; 30 s at most a call.</summary>
public sealed class SiteHttp(HttpClient client)
{
    /// <summary>The name of the client in the service collection.</summary>
    public const string Name = "site";

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string host, string path, CancellationToken cancellationToken) =>
        client.SendAsync(Request(method, host, path), HttpCompletionOption.ResponseContentRead, cancellationToken);

    /// <summary>The connection is closed after the answer, so that the next call may reach another instance of the site.</summary>
    public Task<HttpResponseMessage> SendOnNewConnectionAsync(HttpMethod method, string host, string path, CancellationToken cancellationToken)
    {
        var request = Request(method, host, path);
        request.Headers.ConnectionClose = true;
        return client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    private static HttpRequestMessage Request(HttpMethod method, string host, string path)
    {
        var request = new HttpRequestMessage(method, new Uri($"https://{host}{path}"));
        request.Headers.UserAgent.ParseAdd("Orchestrator/0.1");
        return request;
    }
}
