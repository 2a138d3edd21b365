using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Marks the target as what the site writes to: from then on no batch of the sync, however late, copies to it or deletes in it, and no undo removes it.
/// Belongs right after the point of no return.
/// </summary>
public sealed class MarkTargetLive(BlobStores stores, ILogger<MarkTargetLive> logger)
{
    [Function(nameof(MarkTargetLive))]
    public async Task RunAsync([ActivityTrigger] TargetContainerInput input, CancellationToken cancellationToken)
    {
        var target = stores.Container(input.Data.Target);
        await BlobErrors.ExplainAsync(input.Data.Target, async () =>
        {
            var properties = (await target.GetPropertiesAsync(conditions: null, cancellationToken)).Value;
            var mark = TargetMark.Of(properties);
            if (mark.Live) return false;
            await target.SetMetadataAsync((mark with { Run = input.RunId, Live = true }).On(properties.Metadata), conditions: null, cancellationToken);
            logger.TargetLive(input.RunId, input.Data.Name);
            return true;
        });
    }
}
