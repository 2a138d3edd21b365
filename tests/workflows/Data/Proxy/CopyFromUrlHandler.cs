namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Holds Copy Blob From URL to Azure's rules, where Azurite copies what Azure would refuse.</summary>
internal sealed class CopyFromUrlHandler(string azurite, StoreAbilities abilities) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var request = new StoreRequest(message);
        var refusal = abilities.MaxCopyFromUrlBytes is { } max && request.Operation == StoreOperation.CopyBlobFromUrl
            ? await CheckAsync(request.Header("x-ms-copy-source")!, request.Header("x-ms-copy-source-authorization") is not null, max, cancellationToken)
            : null;
        return refusal ?? await base.SendAsync(message, cancellationToken);
    }

    // azure-sdk-for-net#32028: within the account too a SAS is needed. azure-sdk-for-go#19880: the answer to a source that is too large.
    private async Task<HttpResponseMessage?> CheckAsync(string source, bool authorized, long max, CancellationToken cancellationToken)
    {
        if (!authorized && !source.Contains("sig=", StringComparison.Ordinal))
            return StoreAnswer.CannotVerifyCopySource(404, "The specified resource does not exist.");
        if (CopySources.Find(source, azurite) is not { } located) return null;

        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri(located, StoreProxy.AsItIs));
        using var found = await base.SendAsync(head, cancellationToken);
        if (!found.IsSuccessStatusCode) return null;

        var isBlockBlob = found.Headers.GetValues("x-ms-blob-type").Single() == "BlockBlob";
        return isBlockBlob && found.Content.Headers.ContentLength <= max
            ? null
            : StoreAnswer.CannotVerifyCopySource(409, "The source is no block blob, or larger than what is copied at once.");
    }
}
