using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestrator.Benchmarks.Data.Product;

namespace Orchestrator.Benchmarks.Data.Memory;

/// <summary>
/// As much of a blob server as passes over two containers need that hold the same names. Of the target's objects every twentieth is an older one until it
/// is written. It keeps nothing else, so that a listing of any length costs it nothing.
/// </summary>
internal sealed class GeneratedStore : IAsyncDisposable
{
    public const string Key = "Z2VuZXJhdGVkLWdlbmVyYXRlZC1nZW5lcmF0ZWQ=";
    public const int ObjectBytes = 1024;
    private const int MostOnPage = 5_000;

    private readonly ConcurrentDictionary<string, bool> _written = new(StringComparer.Ordinal);
    private readonly WebApplication _server;
    private readonly int _names;

    private GeneratedStore(int names)
    {
        _names = names;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public string Endpoint => $"{_server.Urls.First()}/generated";

    public string Source => $"{Endpoint}/source";

    public string Target => $"{Endpoint}/target";

    public static async Task<GeneratedStore> StartAsync(int names)
    {
        var store = new GeneratedStore(names);
        await store._server.StartAsync();
        return store;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = "\"0x8D1\"";
        response.Headers.LastModified = GeneratedPage.Time;
        // /generated/{container}[/{name}]
        var path = request.Path.Value!.Split('/', 4);
        var isTarget = path[2] == "target";
        if (request.Query["comp"] == "list")
        {
            var first = int.TryParse(request.Query["marker"], CultureInfo.InvariantCulture, out var marker) ? marker : 0;
            var size = int.TryParse(request.Query["maxresults"], CultureInfo.InvariantCulture, out var asked) ? Math.Min(asked, MostOnPage) : MostOnPage;
            response.ContentType = "application/xml";
            await GeneratedPage.WriteAsync(response.BodyWriter, first, Math.Min(_names, first + size), _names, number => isTarget && IsOld(number));
        }
        else if (path.Length < 4)
        {
            response.Headers["x-ms-meta-orchestrator_run"] = ProductRun.RunId;
        }
        else if (HttpMethods.IsPut(request.Method))
        {
            await request.Body.CopyToAsync(Stream.Null);
            _written[path[3]] = true;
            response.StatusCode = StatusCodes.Status201Created;
        }
        else
        {
            response.Headers["x-ms-blob-type"] = "BlockBlob";
            await response.Body.WriteAsync(new byte[ObjectBytes]);
        }
    }

    private bool IsOld(int number) => number % 20 == 0 && !_written.ContainsKey(GeneratedPage.NameOf(number));
}
