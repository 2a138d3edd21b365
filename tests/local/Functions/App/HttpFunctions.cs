using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Local.Functions.Tests.App;

public static class StaticHttpFunctions
{
    [Function("Hello")]
    public static IResult Hello([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hello/{name}")] HttpRequest request, string name) =>
        Results.Text($"hello {name}, {request.Query["mood"]}");

    [Function("Orders")]
    public static async Task<IResult> Orders(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/{id:int}")] HttpRequest request, int id)
    {
        await request.Body.CopyToAsync(Stream.Null);
        return Results.Json(new { Id = id });
    }

    [Function("OrdersByKey")]
    public static IResult OrdersByKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "keys/{key:guid}/{part?}")] HttpRequest request, Guid key, int? part) =>
        Results.Text($"{key} {part?.ToString() ?? "none"} {request.Method}");

    [Function("Accepted")]
    public static IActionResult Accepted([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request) =>
        new AcceptedResult(request.Path.Value, new { Queued = true });

    [Function("Throws")]
    public static IResult Throws([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        throw new InvalidOperationException($"secret of {request.Path}");

    [Function("Measure")]
    public static async Task<IResult> Measure([HttpTrigger(AuthorizationLevel.Anonymous, "put")] HttpRequest request)
    {
        var buffer = new byte[81920];
        long bytes = 0;
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;)
            bytes += read;
        return Results.Text($"{bytes}");
    }

    [Function("Writes")]
    public static Task Writes([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{*path}")] HttpRequest request, string path) =>
        request.HttpContext.Response.WriteAsync($"path {path}");
}

/// <summary>Waits until its caller goes away.</summary>
public sealed class WaitingFunction(Gate gate)
{
    [Function("Waits")]
    public async Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
    {
        gate.Enter(request.Path);
        try
        {
            await gate.OpenedAsync(cancellationToken);
            return Results.Ok();
        }
        catch (OperationCanceledException)
        {
            gate.Leave("cancelled");
            throw;
        }
    }
}
