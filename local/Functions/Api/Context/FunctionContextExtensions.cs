using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextExtensions
{
    /// <summary>The request that triggered the function; null for every other trigger.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) =>
        context.Items.TryGetValue(HttpContextKey, out var value) ? value as HttpContext : null;

    internal static void SetHttpContext(this FunctionContext context, HttpContext http) => context.Items[HttpContextKey] = http;

    private const string HttpContextKey = "HttpRequestContext";
}
