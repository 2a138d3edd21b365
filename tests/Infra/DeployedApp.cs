using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Orchestrator.Infra.Tests;

/// <summary>The orchestrator as the deployment script sees it: it runs whatever was published last, which here is a file that holds its version.</summary>
internal sealed class DeployedApp(string published, WebApplication app) : IAsyncDisposable
{
    private readonly ConcurrentQueue<(int Status, string Body)> _lists = new();
    private int _old;

    public string Url => app.Urls.Single();

    /// <summary>Versions that answer and are never ready.</summary>
    public HashSet<string> NeverReady { get; } = [];

    /// <summary>Versions that do not answer.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>So many times it is not there, as while its instances start.</summary>
    public int Away { get; set; }

    /// <summary>What ran each time when somebody asked for runs, and the query.</summary>
    public ConcurrentQueue<(string Version, string Query, string Authorization)> Lists { get; } = new();

    /// <summary>How often each version answered.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    public static async Task<DeployedApp> StartAsync(string published)
    {
        var web = WebApplication.CreateSlimBuilder().Build();
        web.Urls.Add("http://127.0.0.1:0");
        var app = new DeployedApp(published, web);
        web.Run(app.AnswerAsync);
        await web.StartAsync();
        return app;
    }

    public DeployedApp OnList(string runs, string? next = null) =>
        OnList(200, $$"""{"value":[{{runs}}]{{(next is null ? "" : $",\"nextLink\":\"{next}\"")}}}""");

    public DeployedApp OnList(int status, string body)
    {
        _lists.Enqueue((status, body));
        return this;
    }

    /// <summary>While instances are replaced: every second one of so many answers still comes from <paramref name="version"/>.</summary>
    public void ReplacesSlowly(string version, int answers) => (OldVersion, _old) = (version, answers);

    private string OldVersion { get; set; } = "";

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var version = File.Exists(published) ? await File.ReadAllTextAsync(published, context.RequestAborted) : "";
        var (status, body) = context.Request.Path.Value switch
        {
            "/api/healthz" => Health(version),
            "/api/readyz" => version.Length == 0 || NeverReady.Contains(version) || Silent.Contains(version) ? (503, """{"code":"MIG0010"}""") : (200, """{"status":"ready"}"""),
            "/api/migrations" => List(version, context.Request),
            _ => (404, "{}"),
        };
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    private (int Status, string Body) Health(string version)
    {
        if (version.Length == 0 || Silent.Contains(version) || Away-- > 0)
            return (503, "Function host is not running.");
        if (version != OldVersion && Interlocked.Decrement(ref _old) is >= 0 and var left && left % 2 == 0)
            version = OldVersion;
        Answers.Enqueue(version);
        return (200, version == "before" ? """{"status":"live"}""" : $$"""{"status":"live","version":"{{version}}"}""");
    }

    private (int Status, string Body) List(string version, HttpRequest request)
    {
        Lists.Enqueue((version, request.QueryString.Value!, request.Headers.Authorization.ToString()));
        return _lists.TryDequeue(out var list) ? list : (200, """{"value":[]}""");
    }
}
