namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What the proxy knows of a request: whose object, which operation, which headers.</summary>
public sealed class StoreRequest
{
    private readonly HttpRequestMessage _message;
    private readonly Dictionary<string, string> _query;

    internal StoreRequest(HttpRequestMessage message)
    {
        _message = message;
        _query = QueryOf(message.RequestUri!).DistinctBy(part => part.Name).ToDictionary(part => part.Name, part => part.Value, StringComparer.Ordinal);
        var path = message.RequestUri!.AbsolutePath[1..].Split('/', 3);
        (Account, Container) = (path[0], path.Length > 1 ? path[1] : "");
        Name = path.Length > 2 ? Uri.UnescapeDataString(path[2]) : "";
        Operation = Classify();
    }

    public HttpMethod Method => _message.Method;

    public string Account { get; }

    /// <summary>Empty where the account itself is asked.</summary>
    public string Container { get; }

    /// <summary>The blob's, decoded; empty where a container is asked.</summary>
    public string Name { get; }

    public StoreOperation Operation { get; }

    /// <summary>One for each blob of the store.</summary>
    internal string Path => $"{Account}/{Container}/{Name}";

    /// <summary>True where the request, once done, leaves the blob with other content or properties, or without either.</summary>
    internal bool ChangesBlob => Operation is
        StoreOperation.PutBlob or StoreOperation.PutBlockList or StoreOperation.DeleteBlob or StoreOperation.AppendBlock or StoreOperation.PutPage
        or StoreOperation.SetMetadata or StoreOperation.SetProperties or StoreOperation.CopyBlob or StoreOperation.CopyBlobFromUrl
        or StoreOperation.PutBlobFromUrl or StoreOperation.AppendBlockFromUrl or StoreOperation.PutPageFromUrl;

    public string? Header(string name) => _message.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    public string? Query(string name) => _query.GetValueOrDefault(name);

    /// <summary>The query's parameters in their order, names in lower case, values decoded.</summary>
    internal static IEnumerable<(string Name, string Value)> QueryOf(Uri uri) =>
        uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Select(part => (Uri.UnescapeDataString(part[0]).ToLowerInvariant(), part.Length > 1 ? Uri.UnescapeDataString(part[1]) : ""));

    private StoreOperation Classify()
    {
        var comp = Query("comp")?.ToLowerInvariant();
        if (Name.Length == 0) return comp == "list" && Container.Length > 0 ? StoreOperation.ListBlobs : StoreOperation.Container;

        var fromUrl = Header("x-ms-copy-source") is not null;
        return (Method.Method, comp) switch
        {
            ("GET", null) => StoreOperation.GetBlob,
            ("HEAD", null) => StoreOperation.HeadBlob,
            ("DELETE", null) => StoreOperation.DeleteBlob,
            ("PUT", null) when !fromUrl => StoreOperation.PutBlob,
            ("PUT", null) when Header("x-ms-blob-type") is not null => StoreOperation.PutBlobFromUrl,
            ("PUT", null) => Header("x-ms-requires-sync") == "true" ? StoreOperation.CopyBlobFromUrl : StoreOperation.CopyBlob,
            ("PUT", "block") => fromUrl ? StoreOperation.PutBlockFromUrl : StoreOperation.PutBlock,
            ("PUT", "appendblock") => fromUrl ? StoreOperation.AppendBlockFromUrl : StoreOperation.AppendBlock,
            ("PUT", "page") => fromUrl ? StoreOperation.PutPageFromUrl : StoreOperation.PutPage,
            ("PUT", "blocklist") => StoreOperation.PutBlockList,
            ("GET", "blocklist") => StoreOperation.GetBlockList,
            ("GET", "pagelist") => StoreOperation.GetPageRanges,
            ("PUT", "metadata") => StoreOperation.SetMetadata,
            ("PUT", "properties") => StoreOperation.SetProperties,
            ("PUT", "tier") => StoreOperation.SetTier,
            ("PUT", "snapshot") => StoreOperation.Snapshot,
            ("PUT", "lease") => StoreOperation.Lease,
            ("GET", "tags") => StoreOperation.GetTags,
            ("PUT", "tags") => StoreOperation.SetTags,
            (_, "immutabilitypolicies") => StoreOperation.ImmutabilityPolicy,
            ("PUT", "copy") => StoreOperation.AbortCopy,
            _ => StoreOperation.Other,
        };
    }
}
