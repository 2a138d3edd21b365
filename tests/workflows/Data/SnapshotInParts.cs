using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

internal static class SnapshotInParts
{
    /// <summary>A finished snapshot in parts of a few objects, each taken twice, so that cursors are used and nothing depends on one try.</summary>
    public static async Task TakeInPartsAsync(this DataPair pair, BlobContainerClient snapshots, string runId, DateTime takenAt, int partOf)
    {
        var limits = new SnapshotLimits(Named: partOf, Copied: partOf);
        var activity = new SnapshotData(TestKinds.Create(pair.Stores, pair.State, more: services => services.AddSingleton(limits)));
        var (parts, cursor) = (0, (string?)null);
        do
        {
            var input = new SnapshotPartInput(runId, pair.Set, snapshots.Uri.ToString(), parts++, cursor, takenAt);
            var part = await activity.RunAsync(input, default);
            Assert.Equal(part, await activity.RunAsync(input, default));
            cursor = part.Cursor;
        }
        while (cursor is not null);

        var seal = new SealSnapshot(pair.Stores, pair.Retention, NullLogger<SealSnapshot>.Instance);
        for (int? step = 0; step is not null;)
            step = (await seal.RunAsync(new(runId, [pair.Set], [parts], snapshots.Uri.ToString(), takenAt, RetainDays: 30, step.Value, PartsPerStep: 3), default)).NextStep;
    }
}
