using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.ResourceManager;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>
/// Any Resource Manager call over the pipeline of <see cref="ArmClient"/>: its authentication, retries, throttling and diagnostics.
/// The service packages for App Service and deployments are not on our feed; see docs/decisions/2026-11-21-arm-without-service-packages.md.
/// </summary>
public sealed class ArmGateway(ArmClient client, TimeProvider time) : ArmResource(client, ResourceIdentifier.Root)
{
    /// <summary>Sends one call. Statuses in <paramref name="accept"/> beside 2xx are answers; all others throw.</summary>
    /// <param name="path">The resource id with what follows it, without the query.</param>
    /// <param name="once">Not repeated by the pipeline: the caller is in a hurry and repeats it itself.</param>
    /// <exception cref="RequestFailedException">Refused; its message holds Azure's own code and sentence, a 403's begins with MIG0108.</exception>
    public Task<ArmAnswer> SendAsync(
        RequestMethod method, string path, string apiVersion, JsonNode? body = null, string? query = null, int[]? accept = null, bool once = false,
        CancellationToken cancellationToken = default) =>
        SendAsync(method, new Uri(Endpoint, $"{path}?api-version={apiVersion}{(query is null ? "" : "&" + query)}"), body, accept, once, cancellationToken);

    /// <summary>Asks a long operation's own address how it goes.</summary>
    public Task<ArmAnswer> PollAsync(Uri poll, int[]? accept = null, CancellationToken cancellationToken = default) =>
        SendAsync(RequestMethod.Get, poll, body: null, accept, once: false, cancellationToken);

    /// <summary>Waits for a short operation inside the call: as long as it answers 202, and as slowly as it asks (a second where it asks nothing).</summary>
    public async Task<ArmAnswer> EndAsync(ArmAnswer answer, CancellationToken cancellationToken)
    {
        while (answer is { Status: 202, Poll: { } poll })
        {
            using var pause = new PeriodicTimer(answer.RetryAfter is { } wait && wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1), time);
            await pause.WaitForNextTickAsync(cancellationToken);
            answer = await PollAsync(poll, cancellationToken: cancellationToken);
        }
        return answer;
    }

    private async Task<ArmAnswer> SendAsync(RequestMethod method, Uri uri, JsonNode? body, int[]? accept, bool once, CancellationToken cancellationToken)
    {
        using var message = Pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(BinaryData.FromString(body.ToJsonString()));
        }
        if (once) OncePolicy.Apply(message);
        await Pipeline.SendAsync(message, cancellationToken);

        var response = message.Response;
        if (response.IsError && accept?.Contains(response.Status) != true) throw ArmErrors.Failed(method, uri, response);
        return new ArmAnswer(response.Status, Parse(response), PollAddress(uri, response), RetryAfter(response));
    }

    private static JsonNode? Parse(Response response)
    {
        if (response.ContentStream is null || response.Content.ToMemory().IsEmpty) return null;
        return response.Headers.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true ? JsonNode.Parse(response.Content.ToMemory().Span) : null;
    }

    private static Uri? PollAddress(Uri asked, Response response) =>
        response.Headers.TryGetValue("Azure-AsyncOperation", out var address) || response.Headers.TryGetValue("Location", out address) ? new Uri(asked, address) : null;

    private static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
