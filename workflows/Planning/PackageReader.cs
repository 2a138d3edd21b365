namespace Orchestrator.Workflows.Planning;

/// <summary>Looks at a release's package from outside, as the platform will: no credentials, no redirects.</summary>
public sealed class PackageReader(HttpClient client)
{
    /// <summary>The name of the client in the service collection.</summary>
    public const string Name = "package";

    public async Task<PackageProbe> ProbeAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, url);
            using var response = await client.SendAsync(request, cancellationToken);
            return new PackageProbe((int)response.StatusCode, response.Content.Headers.ContentLength);
        }
        catch (HttpRequestException)
        {
            return new PackageProbe(Status: 0, Bytes: null);
        }
    }
}
