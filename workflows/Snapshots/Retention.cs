using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Keeps blobs from change until a date, where their store can. Whether it can is asked, by giving a policy to a blob, and remembered for each container as
/// long as the process lives.
/// </summary>
public sealed class Retention(IOptions<SnapshotOptions> options, ILogger<Retention> logger)
{
    private readonly ConcurrentDictionary<string, string> _refusals = new(StringComparer.Ordinal);

    /// <summary>The policy to create a blob with; only for a container that has taken one already.</summary>
    internal BlobImmutabilityPolicy Policy(DateTimeOffset until) => new() { ExpiresOn = until, PolicyMode = options.Value.Mode };

    /// <summary>Keeps a blob that nobody else keeps. Twice is harmless.</summary>
    /// <returns>Why the store cannot; null where the blob is kept.</returns>
    /// <exception cref="RequestFailedException">404: there is no such blob.</exception>
    internal Task<string?> KeepAsync(BlobContainerClient container, string name, DateTimeOffset until, CancellationToken cancellationToken) =>
        KeepAsync(container, name, Policy(until), cancellationToken);

    private async Task<string?> KeepAsync(BlobContainerClient container, string name, BlobImmutabilityPolicy policy, CancellationToken cancellationToken)
    {
        var url = container.Uri.AbsoluteUri;
        if (_refusals.TryGetValue(url, out var refusal)) return refusal;
        try
        {
            await container.GetBlobBaseClient(name).SetImmutabilityPolicyAsync(policy, cancellationToken: cancellationToken);
            return null;
        }
        catch (RequestFailedException error) when (error.ErrorCode == "BlobImmutableDueToPolicy")
        {
            // Somebody keeps it for longer, and locked that.
            return null;
        }
        catch (RequestFailedException error) when (error.Status is 400 or 403 or 405 or 409 or 501)
        {
            var reason = $"the store refused an immutability policy ({error.Status} {error.ErrorCode})";
            if (_refusals.TryAdd(url, reason)) logger.NotImmutable(url, error.Status, error.ErrorCode);
            return reason;
        }
    }

    /// <summary>Keeps a blob that others may keep as well: the date only grows.</summary>
    /// <returns>Until when it is kept now; null where the store cannot, or there is no such blob.</returns>
    internal async Task<DateTimeOffset?> ExtendAsync(BlobContainerClient container, string name, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (_refusals.ContainsKey(container.Uri.AbsoluteUri)) return null;
        try
        {
            var present = (await container.GetBlobBaseClient(name).GetPropertiesAsync(conditions: null, cancellationToken)).Value.ImmutabilityPolicy;
            if (present?.ExpiresOn is { } later && later >= until) return later;
            var policy = Policy(until);
            if (present?.PolicyMode == BlobImmutabilityPolicyMode.Locked) policy.PolicyMode = BlobImmutabilityPolicyMode.Locked;
            return await KeepAsync(container, name, policy, cancellationToken) is null ? until : null;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }
}
