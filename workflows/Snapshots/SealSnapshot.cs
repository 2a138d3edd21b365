using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Joins the parts into the manifest, sorted by data set and name, some in each step, and writes in the last step the header that makes the snapshot a
/// finished one.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0121: a manifest or a part is there already and says otherwise; MIG0123: a part is missing.</exception>
public sealed class SealSnapshot(BlobStores stores, Retention retention, ILogger<SealSnapshot> logger)
{
    [Function(nameof(SealSnapshot))]
    public async Task<SealSnapshotResult> RunAsync([ActivityTrigger] SealSnapshotInput input, CancellationToken cancellationToken)
    {
        var layout = new SnapshotLayout(input.RunId);
        var store = new SnapshotStore(stores.Container(input.Container));
        return await BlobErrors.ExplainAsync(input.Container, async () =>
        {
            if (await store.ReadAsync<SnapshotHeader>(layout.Header, cancellationToken) is { } sealedBefore)
                return await ResultAsync(store, input, sealedBefore, cancellationToken);

            var parts = PartsOf(input);
            var manifest = new ManifestWriter(store, layout);
            await manifest.StageAsync(input.Step, parts.Skip(input.Step * input.PartsPerStep).Take(input.PartsPerStep), input.Step * input.PartsPerStep, cancellationToken);
            if ((input.Step + 1) * input.PartsPerStep < parts.Count) return new SealSnapshotResult(0, 0, "", "", NextStep: input.Step + 1);

            var header = await FinishAsync(store, layout, manifest, input, cancellationToken);
            logger.SnapshotSealed(input.RunId, header.Objects, header.Bytes, header.ManifestSha256, header.Copied, header.CopiedBytes);
            return await ResultAsync(store, input, header, cancellationToken);
        });
    }

    /// <summary>Parts follow each other by name, so taking the data sets by name sorts the whole.</summary>
    private static List<(string Data, int Part)> PartsOf(SealSnapshotInput input) =>
        [.. input.Data.Index().OrderBy(data => data.Item.Name, StringComparer.Ordinal)
            .SelectMany(data => Enumerable.Range(0, input.Parts[data.Index]).Select(part => (data.Item.Name, part)))];

    private async Task<SnapshotHeader> FinishAsync(
        SnapshotStore store, SnapshotLayout layout, ManifestWriter manifest, SealSnapshotInput input, CancellationToken cancellationToken)
    {
        var retainUntil = input.TakenAt.AddDays(input.RetainDays);
        await store.CreateOrGetAsync(layout.Begun, new SnapshotBegun(input.RunId, input.TakenAt, retainUntil), cancellationToken);
        var refusal = await retention.KeepAsync(store.Container, layout.Begun, new DateTimeOffset(retainUntil, TimeSpan.Zero), cancellationToken);
        BlobImmutabilityPolicy? policy = refusal is null ? retention.Policy(new DateTimeOffset(retainUntil, TimeSpan.Zero)) : null;

        var all = await manifest.CommitAsync(input.Step + 1, policy, cancellationToken);
        var header = new SnapshotHeader(
            SnapshotHeader.Current, input.RunId, input.TakenAt, retainUntil, [.. input.Data.Select(data => data.Name)],
            all.Segments.Sum(segment => segment.Objects), all.Segments.Sum(segment => segment.Bytes), layout.Manifest, ManifestReader.RootOf(all.Segments),
            all.Segments, all.Copied, all.CopiedBytes, refusal is null, refusal);
        return await store.CreateOrGetAsync(layout.Header, header, cancellationToken, policy);
    }

    private static async Task<SealSnapshotResult> ResultAsync(
        SnapshotStore store, SealSnapshotInput input, SnapshotHeader header, CancellationToken cancellationToken)
    {
        // Again on every try: the one that wrote the header may have come no further.
        foreach (var data in input.Data) await new NewestSnapshots(store).AddAsync(data, input.RunId, header.TakenAt, cancellationToken);
        return new SealSnapshotResult(
            header.Objects, header.Bytes, $"{store.Container.Uri}/{header.Manifest}", header.ManifestSha256, NextStep: null,
            header.Copied, header.CopiedBytes, header.Immutable, header.NotImmutable);
    }
}
