using System.Text.Json;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Http;

/// <summary>An answer whose bytes are made before anything is sent, so that nothing fails half way.</summary>
public sealed class Answer(int status, ReadOnlyMemory<byte> body, string? contentType) : IResult
{
    public const string Json = "application/json; charset=utf-8";

    private readonly List<KeyValuePair<string, string>> _headers = [];

    public static Answer Of<T>(T body, int status = StatusCodes.Status200OK) => new(status, JsonSerializer.SerializeToUtf8Bytes(body, SpecJson.Options), Json);

    public static Answer Of(Problem problem) =>
        new Answer(problem.Status, JsonSerializer.SerializeToUtf8Bytes(problem, SpecJson.Options), Problem.ContentType).With("x-ms-error-code", problem.Code);

    public Answer With(string header, string value)
    {
        _headers.Add(new(header, value));
        return this;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        foreach (var (header, value) in _headers)
            response.Headers[header] = value;
        if (contentType is null)
            return;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
