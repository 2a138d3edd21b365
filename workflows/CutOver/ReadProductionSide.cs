using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Which side production runs after a cut-over that failed, by its journal: without an entry nothing was swapped. Only looks.</summary>
public sealed class ReadProductionSide(RunDocuments documents, ReadLiveSide live)
{
    [Function(nameof(ReadProductionSide))]
    public async Task<LiveSide> RunAsync([ActivityTrigger] CutOverInput input, CancellationToken cancellationToken)
    {
        var begun = await documents.ReadAsync<JournalEntry>(RecordJournal.Path(input.Hold.RunId, JournalEntry.Begun), cancellationToken);
        return begun is null ? LiveSide.Old : await live.RunAsync(new SwapOrder(input.Hold, input.Slot, begun.Sides), cancellationToken);
    }
}
