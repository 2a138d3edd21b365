using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Carries requests to the store and answers to the client as they are, but for what concerns a single connection.</summary>
internal sealed class Relay(string azurite, StoreCounters counters)
{
    private static readonly HashSet<string> OfConnection =
        new(["Connection", "Keep-Alive", "Transfer-Encoding", "Host", "Expect", "Content-Length"], StringComparer.OrdinalIgnoreCase);

    public HttpRequestMessage Request(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var message = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(azurite + target, StoreProxy.AsItIs));
        if (context.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody)
            message.Content = new RequestBody(context.Request.Body, context.Request.ContentLength, counters);

        foreach (var (name, values) in context.Request.Headers)
        {
            if (OfConnection.Contains(name) || message.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) continue;
            message.Content ??= new ByteArrayContent([]);
            message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        return message;
    }

    /// <summary>The same request, without need of the client's connection.</summary>
    public static async Task<HttpRequestMessage> DetachAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var detached = new HttpRequestMessage(message.Method, message.RequestUri);
        foreach (var (name, values) in message.Headers.NonValidated) detached.Headers.TryAddWithoutValidation(name, values);
        if (message.Content is not { } content) return detached;
        detached.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken));
        foreach (var (name, values) in content.Headers.NonValidated) detached.Content.Headers.TryAddWithoutValidation(name, values);
        return detached;
    }

    /// <param name="beforeEnd">Called when all but the last bytes are sent: the client may act on them before this method returns.</param>
    /// <param name="cut">Ends the connection in the middle of the body; where there is none, before the answer.</param>
    public async Task AnswerAsync(HttpResponseMessage answer, HttpContext context, Action beforeEnd, bool cut)
    {
        SendHead(answer, context);
        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var (buffer, next) = (new byte[64 * 1024], new byte[64 * 1024]);
        var read = await body.ReadAsync(buffer, context.RequestAborted);
        var left = (answer.Content.Headers.ContentLength ?? read) / 2;
        if (cut && read == 0) context.Abort();
        while (read > 0)
        {
            if (cut && read >= left)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, (int)left), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                // Kestrel closes what an exception breaks off in good order; Abort() would tear up what the client has not yet read.
                throw new IOException("A test wants this answer to end here.");
            }

            var following = await body.ReadAsync(next, context.RequestAborted);
            if (following == 0) beforeEnd();
            counters.Down(read);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            left -= read;
            (buffer, next, read) = (next, buffer, following);
        }

        beforeEnd();
    }

    private static void SendHead(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        // An error's body has no place in the answer to a HEAD; a client that reads its type would look for it.
        var describesBody = answer.IsSuccessStatusCode || context.Request.Method != HttpMethod.Head.Method;
        foreach (var (name, values) in describesBody ? answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated) : answer.Headers.NonValidated)
            if (!OfConnection.Contains(name)) context.Response.Headers.Append(name, values.ToArray());
        if (describesBody && (int)answer.StatusCode is not (204 or 304)) context.Response.ContentLength = answer.Content.Headers.ContentLength;
    }
}
