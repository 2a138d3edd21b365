using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Compares names, sizes, headers, metadata and MD5; objects without an MD5 on both sides are read and hashed.</summary>
internal sealed class BlobComparison(BlobStores stores, ContainerComparer comparer, ILogger<BlobComparison> logger) : IDataComparison
{
    /// <summary>Names are at most 1,024 characters: a batch's differences stay within some megabytes.</summary>
    private const int MostDifferences = 10_000;

    public async Task<ComparedBatch> CompareAsync(CompareDataBatch input, BatchProgress progress, CancellationToken cancellationToken)
    {
        var rules = new CompareRules
        {
            // Times are whole seconds, so one is given on top.
            LaggingSince = input.AsOf - input.Data.MaxLag - TimeSpan.FromSeconds(1),
            ReadContent = true,
            SampleOneIn = input.DeepOneIn,
            AlsoReadOneIn = input.AlsoReadOneIn,
            Seed = input.RunId,
            MostDifferences = MostDifferences,
            Progress = progress,
        };
        var batch = await comparer.CompareAsync(
            stores.Container(input.Data.Source),
            stores.Container(input.Data.Target),
            ListingCursor.Parse(input.Cursor) ?? ListingCursor.Start,
            CopyBudget.Batch,
            rules,
            cancellationToken);

        logger.BatchCompared(input.RunId, input.Data.Name, batch.Compared, batch.Mismatches, batch.Lagging);
        if (batch.Belied > 0) logger.Md5Belied(input.RunId, input.Data.Name, batch.Belied);
        var result = new CompareDataBatchResult(
            batch.Compared, batch.Missing, batch.Extra, batch.Different, batch.Lagging, batch.BytesRead, [], batch.Next?.ToString(),
            batch.DeepChecked, batch.Belied, Bytes: batch.Bytes);
        return new ComparedBatch(result, batch.Differences);
    }
}
