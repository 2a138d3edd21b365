using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>The calls that a deployment makes for its resources: the same routes that callers use, waited for to the end.</summary>
internal sealed class ResourceCalls(ArmRouter router)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public async Task<ArmResponse> SendAsync(ArmRequest on, string method, string path, JsonNode? body, string apiVersion, CancellationToken cancellationToken)
    {
        var response = await router.DispatchAsync(on.Inner(method, path, body, apiVersion), cancellationToken);
        if (response.Headers.TryGetValue("Azure-AsyncOperation", out var status)) return await UntilEndedAsync(on, response, status, path, apiVersion, cancellationToken);
        while (response.Status == 202 && response.Headers.TryGetValue("Location", out var location))
        {
            await Task.Delay(Pause, cancellationToken);
            response = await router.DispatchAsync(on.Inner("GET", new Uri(location).AbsolutePath, null, apiVersion), cancellationToken);
        }

        return response;
    }

    /// <summary>The resource as it is; null when it does not exist.</summary>
    public async Task<JsonObject?> FindAsync(ArmRequest on, string method, string path, string apiVersion)
    {
        var response = await router.DispatchAsync(on.Inner(method, path, null, apiVersion), CancellationToken.None);
        return response.Status == 200 ? response.Body as JsonObject : null;
    }

    private async Task<ArmResponse> UntilEndedAsync(ArmRequest on, ArmResponse first, string status, string path, string apiVersion, CancellationToken cancellationToken)
    {
        while (true)
        {
            var poll = await router.DispatchAsync(on.Inner("GET", new Uri(status).AbsolutePath, null, apiVersion), cancellationToken);
            switch (poll.Body.Text("status"))
            {
                case "Succeeded":
                    return await router.DispatchAsync(on.Inner("GET", path, null, apiVersion), cancellationToken) with { Status = first.Status };
                case "Failed" or "Canceled":
                    return new ArmResponse(409, new JsonObject { ["error"] = poll.Body.At("error")?.DeepClone() });
                default:
                    await Task.Delay(Pause, cancellationToken);
                    break;
            }
        }
    }
}
