using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Orchestrator.Infra.Tests;

/// <summary>Answers the two calls of the deployment script as told, and remembers what came.</summary>
internal sealed class MigrationApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(int Status, string Body)> _starts = new();
    private readonly ConcurrentQueue<(int Status, string Body)> _reads = new();

    private MigrationApi(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public ConcurrentQueue<(string Method, string Path, string Key, string Authorization, string Body)> Calls { get; } = new();

    public static async Task<MigrationApi> StartAsync()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var api = new MigrationApi(app);
        app.Run(api.AnswerAsync);
        await app.StartAsync();
        return api;
    }

    public MigrationApi OnStart(int status, string body = "{}")
    {
        _starts.Enqueue((status, body));
        return this;
    }

    public MigrationApi OnRead(int status, string body = "{}")
    {
        _reads.Enqueue((status, body));
        return this;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Calls.Enqueue((
            context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}", context.Request.Headers["Idempotency-Key"].ToString(),
            context.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync(context.RequestAborted)));
        var answers = context.Request.Method == "POST" ? _starts : _reads;
        var (status, body) = answers.TryDequeue(out var next) ? next : (500, "{}");
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
