using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// One site has one run at a time. The lease is a document that only a conditional write changes; each new holder gets a higher
/// fence, and every change of the site demands that its fence still stands.
/// </summary>
public sealed class SiteLease(IDocumentStore store, TimeProvider time)
{
    /// <summary>Takes the lease, or finds that the run has it already.</summary>
    /// <exception cref="PermanentFailureException">MIG0200: another run holds the site.</exception>
    public async Task<long> AcquireAsync(string site, string runId, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var stored = await store.ReadAsync(Path(site), cancellationToken);
            var held = stored is null ? null : Parse(stored);
            if (held is { ReleasedAt: null } && held.RunId == runId) return held.Fence;
            if (held is { ReleasedAt: null })
                throw new PermanentFailureException(LeaseCodes.Held, $"The run {held.RunId} holds {site} since {held.AcquiredAt:O}. One site has one run at a time: wait for it, or cancel it.");

            var mine = new Lease(runId, (held?.Fence ?? 0) + 1, time.GetUtcNow(), ReleasedAt: null);
            var content = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(mine, SpecJson.Options));
            var written = stored is null
                ? await store.CreateAsync(Path(site), content, cancellationToken)
                : await store.ReplaceAsync(Path(site), content, stored.ETag, cancellationToken);
            if (written) return mine.Fence;
        }
    }

    /// <summary>Asked before every change of the site.</summary>
    /// <exception cref="PermanentFailureException">MIG0305: the lease has gone to another run, so this one must not touch the site.</exception>
    public async Task DemandAsync(SiteHold hold, CancellationToken cancellationToken)
    {
        var held = await store.ReadAsync(Path(hold.Site), cancellationToken) is { } stored ? Parse(stored) : null;
        if (held is not { ReleasedAt: null } || held.RunId != hold.RunId || held.Fence != hold.Fence)
            throw new PermanentFailureException(LeaseCodes.Lost, $"The run {hold.RunId} no longer holds {hold.Site} (fence {hold.Fence}, now {held?.Fence} of {held?.RunId}): nothing was changed.");
    }

    /// <summary>Gives the site free; does nothing where the run does not hold it.</summary>
    public async Task ReleaseAsync(string site, string runId, CancellationToken cancellationToken)
    {
        while (await store.ReadAsync(Path(site), cancellationToken) is { } stored && Parse(stored) is { ReleasedAt: null } held && held.RunId == runId)
        {
            var content = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(held with { ReleasedAt = time.GetUtcNow() }, SpecJson.Options));
            if (await store.ReplaceAsync(Path(site), content, stored.ETag, cancellationToken)) return;
        }
    }

    private static Lease Parse(StoredDocument stored) => JsonSerializer.Deserialize<Lease>(stored.Content, SpecJson.Options)!;

    private static string Path(string site) => $"sites/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(site.ToLowerInvariant())))}.json";

    private sealed record Lease(string RunId, long Fence, DateTimeOffset AcquiredAt, DateTimeOffset? ReleasedAt);
}

/// <summary>A run's hold on its site: carried on every change of the site.</summary>
public sealed record SiteHold(string RunId, string Site, long Fence);

public static class LeaseCodes
{
    public const string Held = "MIG0200";
    public const string Lost = "MIG0305";
}
