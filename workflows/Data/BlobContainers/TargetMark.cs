using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>What a target container's metadata says of the run that fills it.</summary>
/// <param name="Run">The run that fills it.</param>
/// <param name="Created">That run created it; otherwise it was there, empty.</param>
/// <param name="Live">The site has been cut over to it: it is no copy any more.</param>
/// <param name="Shared">Customers write to it and to the source: the key of that time; null where they do not.</param>
/// <param name="SharedBefore">The key of the last such time that has ended: a call of that time which runs late begins it no more.</param>
internal sealed record TargetMark(string? Run, bool Created, bool Live, string? Shared = null, string? SharedBefore = null)
{
    private const string RunKey = "orchestrator_run";
    private const string CreatedKey = "orchestrator_created";
    private const string LiveKey = "orchestrator_live";
    private const string SharedKey = "orchestrator_shared";
    private const string SharedBeforeKey = "orchestrator_shared_before";

    public static TargetMark Of(BlobContainerProperties properties) => new(
        properties.Metadata.TryGetValue(RunKey, out var run) ? run : null,
        properties.Metadata.ContainsKey(CreatedKey),
        properties.Metadata.ContainsKey(LiveKey),
        properties.Metadata.TryGetValue(SharedKey, out var shared) ? shared : null,
        properties.Metadata.TryGetValue(SharedBeforeKey, out var before) ? before : null);

    /// <summary>The metadata with this mark in place of any other.</summary>
    public Dictionary<string, string> On(IDictionary<string, string>? metadata = null)
    {
        var marked = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        Set(RunKey, Run);
        Set(CreatedKey, Created ? "true" : null);
        Set(LiveKey, Live ? "true" : null);
        Set(SharedKey, Shared);
        Set(SharedBeforeKey, SharedBefore);
        return marked;

        void Set(string key, string? value)
        {
            if (value is null) marked.Remove(key);
            else marked[key] = value;
        }
    }

    /// <exception cref="PermanentFailureException">MIG0112: the target is live; MIG0114: it is another run's or nobody's; MIG0341: customers write to it.</exception>
    public static async Task DemandFillableAsync(BlobContainerClient target, string runId, CancellationToken cancellationToken)
    {
        if ((await DemandOursAsync(target, runId, cancellationToken)).Shared is not null)
            throw new PermanentFailureException(SyncCodes.TargetIsShared, $"{target.Uri} is shared while traffic moves in steps: nothing is copied over what customers write there");
    }

    /// <exception cref="PermanentFailureException">MIG0112, MIG0114: as above; MIG0342: this time of sharing is over, or never began.</exception>
    public static async Task DemandSharedAsync(BlobContainerClient target, string runId, string key, CancellationToken cancellationToken)
    {
        if ((await DemandOursAsync(target, runId, cancellationToken)).Shared != key)
            throw new PermanentFailureException(SyncCodes.TargetNotShared, $"{target.Uri} is not shared, or not any more: a batch of the traffic steps came too late, and did nothing");
    }

    private static async Task<TargetMark> DemandOursAsync(BlobContainerClient target, string runId, CancellationToken cancellationToken)
    {
        var properties = await BlobErrors.ExplainAsync(
            target.Uri.ToString(), async () => (await target.GetPropertiesAsync(conditions: null, cancellationToken)).Value);
        var mark = Of(properties);
        if (mark.Run != runId)
            throw new PermanentFailureException(SyncCodes.TargetNotOurs, $"{target.Uri} is not marked as the target of run {runId}");
        if (mark.Live)
            throw new PermanentFailureException(SyncCodes.TargetIsLive, $"{target.Uri} is live: nothing is copied over what the site writes there");
        return mark;
    }
}
