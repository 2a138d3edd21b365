using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Local.AzureEmulator.Tests.Support;

/// <summary>Knows containers and checks every call's shared-key signature by the published recipe, header by header.</summary>
internal sealed class BlobServerStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HashSet<string> _containers = [];

    private BlobServerStub(WebApplication app) => _app = app;

    public ConcurrentQueue<string> Calls { get; } = new();

    public ConcurrentQueue<string> BadSignatures { get; } = new();

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<BlobServerStub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new BlobServerStub(app);
        app.Run(http =>
        {
            stub.Answer(http);
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Answer(HttpContext http)
    {
        var request = http.Request;
        Calls.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        if (request.Headers.Authorization != Expected(request)) BadSignatures.Enqueue($"{request.Method} {request.Path}");
        http.Response.StatusCode = request.Method switch
        {
            "PUT" => _containers.Add(request.Path) ? 201 : 409,
            "DELETE" => _containers.Remove(request.Path) ? 202 : 404,
            _ => _containers.Contains(request.Path) ? 200 : 404,
        };
    }

    private static string Expected(HttpRequest request)
    {
        string[] standard = ["Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date", "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"];
        var lines = new List<string> { request.Method };
        lines.AddRange(standard.Select(name => request.Headers[name].ToString() is "0" && name == "Content-Length" ? "" : request.Headers[name].ToString()));
        lines.AddRange(request.Headers.Where(header => header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase)).OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key.ToLowerInvariant()}:{header.Value}"));
        lines.Add($"/shopstore2{request.Path}");
        lines.AddRange(request.Query.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{pair.Value}"));
        var mac = HMACSHA256.HashData(Convert.FromBase64String("c2VjcmV0"), Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return $"SharedKey shopstore2:{Convert.ToBase64String(mac)}";
    }
}
