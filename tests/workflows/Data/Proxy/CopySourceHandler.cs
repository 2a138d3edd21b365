namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Gives Azurite, which copies from its own host only, each source by the address that it knows.</summary>
internal sealed class CopySourceHandler(string azurite, SharedKey key, StoreAbilities abilities) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var source = new StoreRequest(request).Header("x-ms-copy-source");
        if (abilities.ForeignCopySources && source is not null && CopySources.Find(source, azurite) is { } known)
        {
            key.Change(request, () =>
            {
                request.Headers.Remove("x-ms-copy-source");
                request.Headers.TryAddWithoutValidation("x-ms-copy-source", known);
            });
        }

        return base.SendAsync(request, cancellationToken);
    }
}
