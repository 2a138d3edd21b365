using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Compares names, sizes, headers, metadata and MD5; objects without an MD5 on both sides are read and hashed.</summary>
internal sealed class BlobComparison(BlobStores stores, ContainerComparer comparer, ILogger<BlobComparison> logger) : IDataComparison
{
    public async Task<CompareDataBatchResult> CompareAsync(CompareDataBatch input, CancellationToken cancellationToken)
    {
        var rules = new CompareRules
        {
            // Times are whole seconds, so one is given on top.
            LaggingSince = input.AsOf - input.Data.MaxLag - TimeSpan.FromSeconds(1),
            ReadContent = true,
            SampleOneIn = input.DeepOneIn,
            AlsoReadOneIn = input.AlsoReadOneIn,
            Seed = input.RunId,
        };
        var batch = await comparer.CompareAsync(
            stores.Container(input.Data.Source),
            stores.Container(input.Data.Target),
            ListingCursor.Parse(input.Cursor) ?? ListingCursor.Start,
            CopyBudget.Batch,
            rules,
            cancellationToken);

        logger.BatchCompared(input.RunId, input.Data.Name, batch.Compared, batch.Mismatches, batch.Lagging);
        return new CompareDataBatchResult(
            batch.Compared, batch.Missing, batch.Extra, batch.Different, batch.Lagging, batch.BytesRead, [.. batch.Differences], batch.Next?.ToString(),
            batch.DeepChecked);
    }
}
