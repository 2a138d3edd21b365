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
internal sealed record TargetMark(string? Run, bool Created, bool Live)
{
    private const string RunKey = "orchestrator_run";
    private const string CreatedKey = "orchestrator_created";
    private const string LiveKey = "orchestrator_live";

    public static TargetMark Of(BlobContainerProperties properties) => new(
        properties.Metadata.TryGetValue(RunKey, out var run) ? run : null,
        properties.Metadata.ContainsKey(CreatedKey),
        properties.Metadata.ContainsKey(LiveKey));

    /// <summary>The metadata with this mark in place of any other.</summary>
    public Dictionary<string, string> On(IDictionary<string, string>? metadata = null)
    {
        var marked = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        Set(RunKey, Run);
        Set(CreatedKey, Created ? "true" : null);
        Set(LiveKey, Live ? "true" : null);
        return marked;

        void Set(string key, string? value)
        {
            if (value is null) marked.Remove(key);
            else marked[key] = value;
        }
    }

    /// <exception cref="PermanentFailureException">MIG0112: the target is live; MIG0114: it is another run's or nobody's.</exception>
    public static async Task DemandFillableAsync(BlobContainerClient target, string runId, CancellationToken cancellationToken)
    {
        var properties = await BlobErrors.ExplainAsync(
            target.Uri.ToString(), async () => (await target.GetPropertiesAsync(conditions: null, cancellationToken)).Value);
        var mark = Of(properties);
        if (mark.Run != runId)
            throw new PermanentFailureException(SyncCodes.TargetNotOurs, $"{target.Uri} is not marked as the target of run {runId}");
        if (mark.Live)
            throw new PermanentFailureException(SyncCodes.TargetIsLive, $"{target.Uri} is live: nothing is copied over what the site writes there");
    }
}
