using Microsoft.DurableTask;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Traffic;

/// <summary>
/// Before the first client: the slot takes writes, the targets are in step and hold nothing that tests wrote there, and they are shared from now on. A failure
/// here leaves them private; no client has been moved.
/// </summary>
internal sealed class TrafficBeginning(TaskOrchestrationContext context, TrafficInput input, string key)
{
    public async Task RunAsync()
    {
        if (input is { Data.Count: > 0, PausesWrites: false })
            throw new PermanentFailureException(TrafficCodes.NotSettled, "There is data, and no way to pause the slot's writes: what is written there last could not be known to be carried. No client was moved.");
        if (input.PausesWrites)
            await context.CallActivityAsync<WritesAnswer>(nameof(ResumeWrites), new WritesOrder(input.Hold, input.SlotHostName, On: false), Retry.Standard);
        await Task.WhenAll(input.Data.Select((_, index) => PutBackAsync(index)));
        try
        {
            await EachAsync(nameof(ShareTarget), Retry.Standard);
        }
        catch (TaskFailedException)
        {
            await EachAsync(nameof(UnshareTarget), Retry.Patient);
            throw;
        }
    }

    // Tests wrote to the private copy, perhaps: as long as it is one, that is put back, and does not flow to production.
    private async Task PutBackAsync(int index)
    {
        var (data, cursor) = (input.Data[index], (string?)null);
        do
        {
            var batch = await context.CallActivityAsync<CopyChangesResult>(
                nameof(CopyChanges), new CopyChangesInput(input.Hold.RunId, data, context.CurrentUtcDateTime, cursor, Full: true), Retry.Standard);
            if (batch.Conflicts > 0)
                throw new PermanentFailureException(
                    SyncCodes.Conflicts, $"{batch.Conflicts} objects of data '{data.Name}' were changed on both sides before any client was moved, the first: '{batch.ConflictNames?.FirstOrDefault()}'");
            cursor = batch.Cursor;
        }
        while (cursor is not null);
    }

    private Task EachAsync(string activity, TaskOptions retry) =>
        Task.WhenAll(input.Data.Select(data => context.CallActivityAsync(activity, new ShareInput(input.Hold.RunId, data, key), retry)));
}
