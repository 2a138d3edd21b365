using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Keeps where the cut-over stands. Before the entry <c>begun</c> everything can be undone, after it the swap is finished.</summary>
public sealed class RecordJournal(RunDocuments documents, SiteLease lease)
{
    [Function(nameof(RecordJournal))]
    public async Task RunAsync([ActivityTrigger] JournalEntry entry, CancellationToken cancellationToken)
    {
        var site = (await documents.ReadSpecAsync(entry.RunId, cancellationToken)).Site;
        if (entry.Kind == JournalEntry.Begun) await lease.DemandAsync(new SiteHold(entry.RunId, site, entry.Fence), cancellationToken);
        await documents.PutAsync(Path(entry.RunId, entry.Direction, entry.Kind), entry, cancellationToken);
    }

    internal static string Path(string runId, SwapDirection direction, string kind) =>
        RunPaths.Of(runId, direction == SwapDirection.Back ? $"journal-back-{kind}.json" : $"journal-{kind}.json");
}
