using System.Text.Json.Nodes;
using Azure.Core;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>Locks, and the storage accounts that a subscription knows.</summary>
public sealed class Governance(ArmGateway arm)
{
    /// <summary>The locks that hold at a scope, inherited ones included.</summary>
    public async Task<IReadOnlyList<ResourceLock>> ListLocksAsync(string scope, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Get, $"{scope}/providers/Microsoft.Authorization/locks", "2016-09-01", cancellationToken: cancellationToken);
        return (answer["value"] as JsonArray ?? []).Select(l => new ResourceLock(l!["id"]!.GetValue<string>(), l["properties"]!["level"]!.GetValue<string>())).ToList();
    }

    /// <summary>The blob endpoints of the subscription's storage accounts, by account id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListBlobEndpointsAsync(string subscription, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Get, $"/subscriptions/{subscription}/providers/Microsoft.Storage/storageAccounts", "2023-01-01", cancellationToken: cancellationToken);
        return (answer["value"] as JsonArray ?? []).ToDictionary(a => a!["id"]!.GetValue<string>(), a => a!["properties"]?["primaryEndpoints"]?["blob"]?.ToString() ?? "", StringComparer.OrdinalIgnoreCase);
    }

    public async Task<bool> ExistsAsync(string resourceId, string apiVersion, CancellationToken cancellationToken) =>
        (await arm.SendAsync(RequestMethod.Get, resourceId, apiVersion, accept: [404], cancellationToken: cancellationToken)).Status != 404;

    public Task DeleteAsync(string resourceId, string apiVersion, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Delete, resourceId, apiVersion, accept: [404], cancellationToken: cancellationToken);

    /// <summary>The newest stable API version of a resource type.</summary>
    public async Task<string> ApiVersionAsync(string subscription, string resourceType, CancellationToken cancellationToken)
    {
        var (provider, type) = (resourceType.Split('/', 2)[0], resourceType.Split('/', 2)[1]);
        var answer = await arm.SendAsync(RequestMethod.Get, $"/subscriptions/{subscription}/providers/{provider}", "2021-04-01", cancellationToken: cancellationToken);
        var versions = (answer["resourceTypes"] as JsonArray ?? []).Where(t => string.Equals(t!["resourceType"]?.ToString(), type, StringComparison.OrdinalIgnoreCase))
            .SelectMany(t => t!["apiVersions"] as JsonArray ?? []).Select(v => v!.GetValue<string>()).OrderDescending(StringComparer.Ordinal).ToList();
        return versions.Find(v => !v.Contains("preview", StringComparison.OrdinalIgnoreCase)) ?? versions.FirstOrDefault()
            ?? throw new InvalidOperationException($"{provider} does not list the type {type}");
    }
}

/// <summary>A lock on a scope. <paramref name="Level"/>: CanNotDelete or ReadOnly.</summary>
public sealed record ResourceLock(string Id, string Level);
