using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Which side production runs after a swap that failed, by its journal: without an entry nothing was swapped. Only looks.</summary>
public sealed class ReadProductionSide(RunDocuments documents, ReadLiveSide live)
{
    [Function(nameof(ReadProductionSide))]
    public async Task<LiveSide> RunAsync([ActivityTrigger] SwapOverInput input, CancellationToken cancellationToken)
    {
        var hold = input.CutOver.Hold;
        var begun = await documents.ReadAsync<JournalEntry>(RecordJournal.Path(hold.RunId, input.Direction, JournalEntry.Begun), cancellationToken);
        return begun is null ? LiveSide.Old : await live.RunAsync(new SwapOrder(hold, input.CutOver.Slot, begun.Sides), cancellationToken);
    }
}
