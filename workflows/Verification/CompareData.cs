using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Verification;

/// <summary>
/// Compares a bounded batch of source and target object by object: names, sizes, headers, metadata and MD5; objects without an MD5 on both sides are read
/// and hashed. Changes nothing.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused.</exception>
public sealed class CompareData(BlobStores stores, ContainerComparer comparer, ILogger<CompareData> logger)
{
    [Function(nameof(CompareData))]
    public async Task<CompareDataBatchResult> RunAsync([ActivityTrigger] CompareDataBatch input, CancellationToken cancellationToken)
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
            input.Cursor ?? ListingCursor.Start,
            CopyBudget.Batch,
            rules,
            cancellationToken);

        logger.BatchCompared(input.RunId, input.Data.Name, batch.Compared, batch.Mismatches, batch.Lagging);
        return new CompareDataBatchResult(
            batch.Compared, batch.Missing, batch.Extra, batch.Different, batch.Lagging, batch.BytesRead, [.. batch.Differences], batch.Next,
            batch.DeepChecked);
    }
}
