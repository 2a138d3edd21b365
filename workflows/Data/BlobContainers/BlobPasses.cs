using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Runs batches of passes over the ranges of a data set, each on the manifest that the pass before it left.</summary>
internal sealed class BlobPasses(StorePairs pairs, StateContainer state, TimeProvider time)
{
    /// <summary>One batch, from a cursor on or from the beginning of a range.</summary>
    public async Task<PassOutcome> RunAsync(
        string runId, DataSet data, SyncRange range, PassCursor cursor, PassRules rules, CopyBudget budget, BatchProgress progress, CancellationToken cancellationToken)
    {
        var manifest = new SyncManifest(state.Client, runId, data, cursor.Range);
        var (opening, finding, reading) = (OpenAsync(data, rules, budget.Pace, progress, cancellationToken), manifest.StateAsync(cancellationToken), CopyJournal.OpenAsync(manifest, rules, cancellationToken));
        var asking = manifest.FindPartAsync<PassOutcome>(cursor.Generation, cursor.Part, cancellationToken);
        await Task.WhenAll(opening, finding, reading, asking);
        var (pair, before, journal) = (await opening, await finding, await reading);
        if (await asking is { } told) return await EndAsync(manifest, journal, cursor, rules, told, told.Began, cancellationToken);

        using var writer = new SyncManifestWriter();
        // Without a manifest the other side is not known.
        var known = before is null ? rules with { Full = true } : rules;
        var pass = new BlobPass(pair.From, pair.To, pair.Copier, journal, writer, known, new BudgetMeter(budget, time), time, progress, token => TargetMark.DemandFillableAsync(pair.To, runId, token));
        var entries = before is null ? AsyncEnumerable.Empty<ManifestEntry>() : manifest.ReadAsync(before, cursor.At.After, cancellationToken);
        var batch = await pass.RunAsync(entries, cursor.At, range.Until, cancellationToken);

        var outcome = PassOutcome.Of(batch, cursor);
        // Nothing new in one batch: the manifest that there is says it all.
        if (before is not null && cursor.Part == 0 && batch.Next is null && !pass.HasChanged)
        {
            if (IsWholeAndShared(rules, outcome)) await journal.ForgetDealtWithAsync(began: null, cancellationToken);
            return outcome;
        }

        using var part = writer.Finish(outcome);
        var last = batch.Next is { } next ? next.After ?? "" : null;
        var overtaken = !await manifest.TryWritePartAsync(cursor.Generation, cursor.Part, part, last, cancellationToken);
        if (overtaken)
        {
            // Another try was faster, so its answer counts. What this one wrote besides stays noted.
            outcome = await manifest.FindPartAsync<PassOutcome>(cursor.Generation, cursor.Part, cancellationToken) ?? outcome;
            journal.KeepOwn();
        }
        else if (before is null)
        {
            // Where nothing is known of before, nothing can be mistaken for a change since.
            await journal.ForgetOwnAsync(cancellationToken);
        }

        return await EndAsync(manifest, journal, cursor, rules, outcome, cursor.Part == 0 && !overtaken ? null : outcome.Began, cancellationToken);
    }

    private static async Task<PassOutcome> EndAsync(
        SyncManifest manifest, CopyJournal journal, PassCursor cursor, PassRules rules, PassOutcome outcome, DateTimeOffset? began, CancellationToken cancellationToken)
    {
        if (outcome.Next is not null || !await manifest.CompleteAsync(cursor.Generation, cancellationToken)) return outcome;
        if (IsWholeAndShared(rules, outcome)) await journal.ForgetDealtWithAsync(began, cancellationToken);
        else await journal.ForgetBeforeAsync(outcome.Began, cancellationToken);
        return outcome;
    }

    // Customers may write again what a try once noted: the sooner notes are gone, the less is mistaken for ours.
    private static bool IsWholeAndShared(PassRules rules, PassOutcome outcome) => rules.Shared && outcome is { Left: 0, OldestLeft: null };

    private Task<StorePair> OpenAsync(DataSet data, PassRules rules, CopyPace? pace, BatchProgress progress, CancellationToken cancellationToken) => rules.Reverse
        ? pairs.OpenAsync(data.Target, data.Source, pace, progress, cancellationToken)
        : pairs.OpenAsync(data.Source, data.Target, pace, progress, cancellationToken);
}
