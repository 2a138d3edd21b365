using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Local.AzureEmulator.Tests.Support;

/// <summary>Serves packages as zips: a version, and how the app behaves.</summary>
internal sealed class PackageServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _zips = new();
    private readonly WebApplication _app;
    private int _count;

    private PackageServer(WebApplication app) => _app = app;

    public static async Task<PackageServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new PackageServer(app);
        app.Run(server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    private string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <returns>The package's URL, with something in its query that must not be shown.</returns>
    public string Add(string version, string? behaviour = null)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "version.txt", version);
            if (behaviour is not null) Write(zip, "behaviour.txt", behaviour);
        }

        var path = $"/{version}-{Interlocked.Increment(ref _count)}.zip";
        _zips[path] = buffer.ToArray();
        return $"{Address}{path}?sig=secret";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Write(ZipArchive zip, string name, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (_zips.TryGetValue(http.Request.Path, out var zip)) await http.Response.Body.WriteAsync(zip);
        else http.Response.StatusCode = 404;
    }
}
