using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Reads the source in the store's place and passes the request on as one that carries its content.</summary>
internal sealed class ContentFromUrlHandler(string azurite, SharedKey key, StoreAbilities abilities, StoreCounters counters) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var request = new StoreRequest(message);
        if (!abilities.ContentFromUrl || !TakesContent(request.Operation)) return await base.SendAsync(message, cancellationToken);

        var located = CopySources.Find(request.Header("x-ms-copy-source")!, azurite);
        using var read = located is null ? null : Read(request, new Uri(located, StoreProxy.AsItIs));
        if (read is null || (!abilities.ForeignCopySources && new StoreRequest(read).Account != request.Account))
            return StoreAnswer.CannotVerifyCopySource(404, "The specified resource does not exist.");

        using var source = await base.SendAsync(read, cancellationToken);
        if (Refusal((int)source.StatusCode) is { } refusal) return refusal;

        var content = await source.Content.ReadAsByteArrayAsync(cancellationToken);
        counters.FromUrl(content.Length);
        if (request.Header("x-ms-source-content-md5") is { } md5 && md5 != Convert.ToBase64String(MD5.HashData(content)))
            return StoreAnswer.Error(400, "Md5Mismatch", "The MD5 value specified in the request did not match with the MD5 value calculated by the server.");

        key.Change(message, () =>
        {
            if (request.Operation == StoreOperation.PutBlobFromUrl && request.Header("x-ms-copy-source-blob-properties") != "false") Describe(message, source);
            foreach (var name in message.Headers.NonValidated.Select(header => header.Key).Where(IsOfSource).ToList()) message.Headers.Remove(name);
            message.Content = new ByteArrayContent(content);
        });
        return await base.SendAsync(message, cancellationToken);
    }

    private static bool TakesContent(StoreOperation operation) => operation is
        StoreOperation.PutBlockFromUrl or StoreOperation.PutBlobFromUrl or StoreOperation.AppendBlockFromUrl or StoreOperation.PutPageFromUrl;

    /// <summary>An authorization for the source, whichever it is, stands for the key. Without one only a SAS opens the source, as in Azure.</summary>
    private HttpRequestMessage Read(StoreRequest request, Uri source)
    {
        var read = new HttpRequestMessage(HttpMethod.Get, source);
        Pass("x-ms-source-range", "x-ms-range");
        foreach (var condition in (string[])["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"])
            Pass($"x-ms-source-{condition}", condition);
        read.Headers.Add("x-ms-version", "2023-01-03");
        if (request.Header("x-ms-copy-source-authorization") is not null) key.Sign(read);
        return read;

        void Pass(string from, string to)
        {
            if (request.Header(from) is { } value) read.Headers.TryAddWithoutValidation(to, value);
        }
    }

    private static HttpResponseMessage? Refusal(int status) => status switch
    {
        200 or 206 => null,
        304 or 412 => StoreAnswer.Error(412, "SourceConditionNotMet", "The source condition specified using HTTP conditional header(s) is not met."),
        416 => StoreAnswer.Error(416, "InvalidRange", "The range specified is invalid for the current size of the resource."),
        404 => StoreAnswer.CannotVerifyCopySource(404, "The specified blob does not exist."),
        409 => StoreAnswer.CannotVerifyCopySource(409, "This operation is not permitted on the source in its state."),
        _ => StoreAnswer.CannotVerifyCopySource(403, "Server failed to authenticate the request."),
    };

    private static bool IsOfSource(string header) =>
        header.StartsWith("x-ms-copy-source", StringComparison.OrdinalIgnoreCase) || header.StartsWith("x-ms-source-", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the request does not set, the blob takes from its source.</summary>
    private static void Describe(HttpRequestMessage message, HttpResponseMessage source)
    {
        var hasMetadata = message.Headers.NonValidated.Any(header => IsMetadata(header.Key));
        foreach (var (name, values) in source.Headers.NonValidated)
            if (!hasMetadata && IsMetadata(name)) message.Headers.TryAddWithoutValidation(name, values.ToString());

        foreach (var (name, values) in source.Content.Headers.NonValidated)
        {
            if (name is "Content-Type" or "Content-Encoding" or "Content-Language" or "Content-Disposition")
                Set($"x-ms-blob-{name.ToLowerInvariant()}", values);
        }

        if (source.Headers.NonValidated.TryGetValues("Cache-Control", out var cacheControl)) Set("x-ms-blob-cache-control", cacheControl);

        void Set(string name, HeaderStringValues values)
        {
            if (!message.Headers.NonValidated.Contains(name)) message.Headers.TryAddWithoutValidation(name, values.ToString());
        }
    }

    private static bool IsMetadata(string header) => header.StartsWith("x-ms-meta-", StringComparison.OrdinalIgnoreCase);
}
