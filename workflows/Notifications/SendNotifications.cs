using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Notifications;

/// <summary>
/// Tells the spec's webhooks of one event: a CloudEvents 1.0 body, signed as Standard Webhooks has it. At least once; the header
/// <c>webhook-id</c> is the same on a repetition.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0280: the secret that the spec names is not configured. MIG0281: the address is not public.</exception>
public sealed class SendNotifications(RunDocuments documents, WebhookClient webhooks, IOptions<NotificationOptions> options)
{
    public const string SecretMissing = "MIG0280";

    [Function(nameof(SendNotifications))]
    public async Task RunAsync([ActivityTrigger] NotificationOrder order, CancellationToken cancellationToken)
    {
        var spec = await documents.ReadSpecAsync(order.RunId, cancellationToken);
        var body = Body(order, spec);
        foreach (var target in spec.Notify.Where(n => n.Events.Contains("*", StringComparer.Ordinal) || n.Events.Contains(order.What, StringComparer.Ordinal)))
            await webhooks.PostAsync(target.Url, order.Key, order.At, body, Secret(target), cancellationToken);
    }

    private byte[]? Secret(NotifySpec target)
    {
        if (target.SecretName is not { } name) return null;
        return options.Value.Secrets.TryGetValue(name, out var secret)
            ? Convert.FromBase64String(secret)
            : throw new PermanentFailureException(SecretMissing, $"The secret {name} of a webhook is not configured (setting Notifications:Secrets:{name}): the event was not sent.");
    }

    private static string Body(NotificationOrder order, MigrationSpec spec) => new JsonObject
    {
        ["specversion"] = "1.0",
        ["id"] = order.Key,
        ["source"] = $"/api/migrations/{order.RunId}",
        ["type"] = $"orchestrator.migration.{order.What}",
        ["subject"] = spec.Site,
        ["time"] = order.At,
        ["datacontenttype"] = "application/json",
        ["data"] = Data(order, spec),
    }.ToJsonString();

    private static JsonObject Data(NotificationOrder order, MigrationSpec spec)
    {
        var data = new JsonObject { ["id"] = order.RunId, ["event"] = order.What, ["detail"] = order.Detail };
        if (order.Decision is not { } decision) return data;
        data["severity"] = decision.Severity;
        data["decision"] = JsonSerializer.SerializeToNode(decision, SpecJson.Options);
        if (spec.Runbook is { } runbook) data["runbook"] = runbook;
        return data;
    }
}

/// <summary>Posts signed webhooks.</summary>
public sealed class WebhookClient(HttpClient client)
{
    /// <summary>The name of the client in the service collection.</summary>
    public const string Name = "webhook";

    /// <param name="secret">Null: the call is not signed.</param>
    /// <exception cref="HttpRequestException">The receiver gave no answer, or none of 2xx.</exception>
    public async Task PostAsync(string url, string id, DateTimeOffset at, string body, byte[]? secret, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/cloudevents+json")) };
        var timestamp = at.ToUnixTimeSeconds().ToString();
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        if (secret is not null)
            request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")))}");
        using var response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"The webhook at {new Uri(url).Host} answered {(int)response.StatusCode}.");
    }
}
