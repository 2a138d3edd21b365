using System.Net.Http.Headers;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Http;

/// <summary>Reads a request's body as bytes: JSON by its content type, and no more of it than is allowed.</summary>
internal static class RequestBody
{
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            || (type.CharSet is { } charset && !charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            || request.Headers.ContentEncoding.Any(encoding => !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ProblemException(ProblemKind.WrongContentType, "The body is wanted as application/json in UTF-8, not compressed.");
        }

        if (request.ContentLength > JsonInput.MaxBytes)
            throw TooLarge();
        var body = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > JsonInput.MaxBytes)
                throw TooLarge();
            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    /// <summary>Reads a small document, or refuses it with every fault.</summary>
    public static async Task<T> ReadAsync<T>(HttpRequest request, Func<ObjectReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        var body = await ReadAsync(request, cancellationToken);
        return JsonInput.Read(body, out var faults, read) ?? throw ProblemException.Of(faults);
    }

    private static ProblemException TooLarge() => new(ProblemKind.TooLarge, "The body is larger than 1 MiB.");
}
