using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Orchestrator.Local.AzureEmulator.FrontEnd;

/// <summary>The app sees the host that was asked for, and in headers where the request came from.</summary>
internal sealed class SiteTransformer : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        headers.Remove("X-Forwarded-Proto");
        headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
        // As it came, still encoded: a header holds ASCII only, and a decoded path may hold anything.
        headers.TryAddWithoutValidation("X-Original-URL", httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
    }
}
