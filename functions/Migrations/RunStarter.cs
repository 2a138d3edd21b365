using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>
/// Starts a run once. The id is taken by a document that can only be created, then the spec is stored, then the orchestration is
/// scheduled; whoever repeats a start that broke off between two of these goes on where it stopped. Once the run has begun it is never started
/// again, not even when the engine has forgotten it.
/// </summary>
public sealed class RunStarter(EdgeDocuments documents, RunReader runs, TimeProvider time, ILogger<RunStarter> logger)
{
    /// <param name="key">The idempotency key; null without one.</param>
    public async Task<RunView> StartAsync(DurableTaskClient client, Caller caller, ReadOnlyMemory<byte> body, string? key, CancellationToken cancellationToken)
    {
        var bodyHash = KeyRecord.Hash(body.Span);
        var keyHash = key is null ? null : KeyRecord.HashOf(caller.Person, key);
        // Before the body is judged: what was accepted once stays accepted, though its window may have closed since.
        var known = keyHash is null ? null : await documents.ReadAsync<KeyRecord>(KeyRecord.Path(keyHash), cancellationToken);
        if (known is not null && Matching(known, bodyHash) is { } first && await OwnRunAsync(client, first.Id, keyHash, cancellationToken) is { } run)
            return run;

        var now = time.GetUtcNow();
        var reading = SpecReader.Read(body, caller.Person, now);
        if (reading.Spec is not { } spec)
            throw ProblemException.Of(reading.Faults);

        var id = known?.Id ?? spec.Id ?? NewId();
        if (keyHash is not null && known is null)
            id = await TakeKeyAsync(keyHash, new KeyRecord(id, bodyHash), cancellationToken);
        var start = await TakeIdAsync(client, new StartRecord(id, caller.Person, now, bodyHash, keyHash), cancellationToken);
        return await ScheduleAsync(client, spec with { Id = id }, start, cancellationToken);
    }

    private static KeyRecord Matching(KeyRecord record, string bodyHash) => record.BodyHash == bodyHash
        ? record
        : throw new ProblemException(ProblemKind.KeyUsedOtherwise, $"The key was used with another body, for the migration {record.Id}. Nothing was started.");

    // The key may have been noted for an id that somebody else turned out to have.
    private async Task<RunView?> OwnRunAsync(DurableTaskClient client, string id, string? keyHash, CancellationToken cancellationToken)
    {
        var start = await documents.ReadAsync<StartRecord>(StartRecord.Path(id), cancellationToken);
        if (start?.KeyHash != keyHash)
            return null;
        var (run, left) = await runs.SeekAsync(client, id, cancellationToken);
        return left is null ? run?.View : throw left.UsedUp();
    }

    private async Task<string> TakeKeyAsync(string keyHash, KeyRecord record, CancellationToken cancellationToken)
    {
        if (await documents.CreateAsync(KeyRecord.Path(keyHash), record, cancellationToken))
            return record.Id;
        // Another call with the same key came first, a moment ago.
        var first = await documents.ReadAsync<KeyRecord>(KeyRecord.Path(keyHash), cancellationToken);
        return Matching(first!, record.BodyHash).Id;
    }

    private async Task<StartRecord> TakeIdAsync(DurableTaskClient client, StartRecord wanted, CancellationToken cancellationToken)
    {
        var (run, left) = await runs.SeekAsync(client, wanted.Id, cancellationToken);
        if (left is not null)
            throw left.UsedUp();
        if (run is null && await documents.CreateAsync(StartRecord.Path(wanted.Id), wanted, cancellationToken))
            return wanted;
        var first = await documents.ReadAsync<StartRecord>(StartRecord.Path(wanted.Id), cancellationToken);
        var same = first is not null
            && first.BodyHash == wanted.BodyHash && first.KeyHash == wanted.KeyHash
            && string.Equals(first.RequestedBy, wanted.RequestedBy, StringComparison.OrdinalIgnoreCase);
        // Without a key a repeated start is only taken for the same one as long as the first never got to run.
        if (same && (wanted.KeyHash is not null || (run is null && await runs.FindAsync(client, wanted.Id, cancellationToken) is null)))
            return first!;
        throw new ProblemException(ProblemKind.IdInUse, $"The id {wanted.Id} is taken by another migration. Nothing was started.");
    }

    private async Task<RunView> ScheduleAsync(DurableTaskClient client, MigrationSpec spec, StartRecord start, CancellationToken cancellationToken)
    {
        await documents.CreateAsync(RunPaths.Spec(start.Id), spec, cancellationToken);
        var input = MigrationInput.From(spec, start.Id, start.RequestedBy, start.RequestedAt);
        var options = new StartOrchestrationOptions(start.Id).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(MigrationInput.Orchestrator, input, options, cancellationToken);
            logger.RunStarted(start.RequestedBy, start.Id, spec.Mode.ToString());
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            // Which exception says "there is one already" differs between hosts; that there is one does not.
            if (await AwaitAsync(client, start.Id, cancellationToken) is not { } existing)
                throw;
            return existing.View;
        }

        return (await runs.FindAsync(client, start.Id, cancellationToken))?.View ?? RunView.Accepted(input);
    }

    // A start that came first can refuse ours a moment before it can be read.
    private async Task<Run?> AwaitAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        using var glances = new PeriodicTimer(TimeSpan.FromMilliseconds(50), time);
        for (var glance = 0; glance < 40; glance++)
        {
            if (await runs.FindAsync(client, id, cancellationToken) is { } run)
                return run;
            await glances.WaitForNextTickAsync(cancellationToken);
        }

        return null;
    }

    // Sorts by time, and is a valid instance id, blob name and DNS label.
    private static string NewId() => $"m-{Guid.CreateVersion7():N}";
}
