using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Orchestrator.Local.Demo.World;

/// <summary>
/// Stands in front of the blob server where blobs must not be written to the target account: what a storage firewall or a missing role
/// looks like from outside. Everything else passes unchanged.
/// </summary>
internal sealed class BlobProxy : IAsyncDisposable
{
    private const string Refusal =
        """
        <?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationFailure</Code><Message>This request is not authorized to perform this operation.</Message></Error>
        """;

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _http;

    private BlobProxy(WebApplication app, HttpMessageInvoker http, Uri endpoint) => (_app, _http, Endpoint) = (app, http, endpoint);

    public Uri Endpoint { get; }

    public static async Task<BlobProxy> StartAsync(int port, Uri blobs, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        });
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(context => WritesToTarget(context.Request)
            ? RefuseAsync(context.Response)
            : forwarder.SendAsync(context, blobs.ToString(), http, ForwarderRequestConfig.Empty, new SameTarget(blobs)).AsTask());
        await app.StartAsync(cancellationToken);
        return new BlobProxy(app, http, new Uri($"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Sends the path on as it came: signatures are over its bytes.</summary>
    internal sealed class SameTarget(Uri blobs) : HttpTransformer
    {
        private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            proxyRequest.RequestUri = new Uri($"{blobs.GetLeftPart(UriPartial.Authority)}{target}", AsItIs);
        }
    }

    private static bool WritesToTarget(HttpRequest request) =>
        HttpMethods.IsPut(request.Method)
        && request.Path.StartsWithSegments($"/{Azurite.Target}", StringComparison.Ordinal)
        && !request.Query.ContainsKey("restype");

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status403Forbidden;
        response.ContentType = "application/xml";
        response.Headers["x-ms-error-code"] = "AuthorizationFailure";
        return response.WriteAsync(Refusal);
    }
}
