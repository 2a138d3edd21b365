using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.Demo.World;
using Yarp.ReverseProxy.Forwarder;

namespace Orchestrator.Benchmarks.Footprint;

/// <summary>
/// Stands in front of the blob server and counts, by place and by kind. The orchestrator is told by a header of its client library; what the server reads by itself
/// to copy from store to store, by its signature in the address. The shop's own calls are neither and are not counted.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Counts _counts = new();
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _http;
    private readonly string _state;

    private CountingProxy(int port, Uri blobs, string state)
    {
        _state = state;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        });
        _app = builder.Build();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(async context =>
        {
            await forwarder.SendAsync(context, blobs.ToString(), _http, ForwarderRequestConfig.Empty, new BlobProxy.SameTarget(blobs));
            Count(context);
        });
    }

    public Uri Endpoint { get; }

    /// <param name="state">The container in the orchestrator's account that runs are kept in; what else is there are snapshots.</param>
    public static async Task<CountingProxy> StartAsync(int port, Uri blobs, string state, CancellationToken cancellationToken)
    {
        var proxy = new CountingProxy(port, blobs, state);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    public Counts Take()
    {
        var taken = new Counts();
        lock (_lock) taken.Add(_counts);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private void Count(HttpContext context)
    {
        var request = context.Request;
        var isOurs = request.Headers.ContainsKey("x-ms-client-request-id");
        if (!isOurs && !request.Query.ContainsKey("sig")) return;
        var (place, kind) = (Place(request.Path.Value!), BlobKind.Of(request));
        var bytes = HttpMethods.IsPut(request.Method) ? request.ContentLength : context.Response.ContentLength;
        lock (_lock)
        {
            _counts[$"blobs.{place}.{kind}"]++;
            if (kind is BlobKind.Read or BlobKind.Write) _counts[$"bytes.{(isOurs ? "throughTheApp" : "storeToStore")}.{kind}"] += HttpMethods.IsHead(request.Method) ? 0 : bytes ?? 0;
        }
    }

    private string Place(string path)
    {
        var parts = path.Split('/', 4);
        return parts[1] switch
        {
            Azurite.Source => "source",
            Azurite.Target => "target",
            _ => parts.Length > 2 && parts[2] == _state ? "state" : "snapshots",
        };
    }
}
