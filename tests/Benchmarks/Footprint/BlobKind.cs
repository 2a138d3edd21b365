using Microsoft.AspNetCore.Http;

namespace Orchestrator.Benchmarks.Footprint;

/// <summary>What Azure calls a request to blobs on a bill: a type of operation of a general-purpose v2 account, from Microsoft Learn, "Map each REST operation to a price".</summary>
internal static class BlobKind
{
    public const string Write = "write";
    public const string List = "list";
    public const string Read = "read";
    public const string Other = "other";
    public const string Free = "free";

    /// <summary>Parts of Put requests that change what is known of an object or a container and not what is in it.</summary>
    private static readonly HashSet<string> Others =
        ["metadata", "properties", "lease", "acl", "tags", "immutabilitypolicies", "legalhold", "snapshot", "expiry"];

    public static string Of(HttpRequest request)
    {
        var part = request.Query["comp"].ToString();
        if (HttpMethods.IsDelete(request.Method)) return part == "immutabilityPolicies" ? Other : Free;
        if (HttpMethods.IsGet(request.Method)) return part == "list" ? List : part.Length == 0 && !request.Query.ContainsKey("restype") ? Read : Other;
        if (!HttpMethods.IsPut(request.Method) || Others.Contains(part.ToLowerInvariant())) return Other;
        return request.Query.ContainsKey("restype") ? List : Write;
    }
}
