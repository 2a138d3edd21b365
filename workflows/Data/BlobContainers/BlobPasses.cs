using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Runs batches of passes over the ranges of a data set, each on the manifest that the pass before it left.</summary>
internal sealed class BlobPasses(StorePairs pairs, StateContainer state, TimeProvider time)
{
    private static readonly IReadOnlySet<string> NoTries = new HashSet<string>();

    /// <summary>One batch, from a cursor on or from the beginning of a range.</summary>
    public async Task<PassOutcome> RunAsync(
        string runId, DataSet data, SyncRange range, PassCursor cursor, PassRules rules, CopyBudget budget, BatchProgress progress, CancellationToken cancellationToken)
    {
        var manifest = new SyncManifest(state.Client, runId, data, cursor.Range);
        var (opening, finding, reading) = (OpenAsync(data, rules, budget.Pace, progress, cancellationToken), manifest.StateAsync(cancellationToken), CopyJournal.OpenAsync(manifest, rules, cursor.At.After, cancellationToken));
        var asking = manifest.FindPartAsync<PassOutcome>(cursor.Generation, cursor.Part, cancellationToken);
        await Task.WhenAll(opening, finding, reading, asking);
        var (pair, before, journal) = (await opening, await finding, await reading);
        if (await asking is { } told) return await EndAsync(manifest, journal, cursor, told, cancellationToken);

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
            await journal.ForgetAsync(NoTries, DealtWith(cursor, outcome), cancellationToken);
            return outcome;
        }

        using var part = writer.Finish(outcome);
        var last = batch.Next is { } next ? next.After ?? "" : null;
        // A write that was tried again without an answer to the first may have reached the store twice, or be on its way.
        var settled = pair.Unanswered.Any ? null : journal.Try;
        if (!await manifest.TryWritePartAsync(cursor.Generation, cursor.Part, part, last, settled, cancellationToken))
            // Another try was faster, so its answer counts. What this one wrote besides stays noted.
            outcome = await manifest.FindPartAsync<PassOutcome>(cursor.Generation, cursor.Part, cancellationToken) ?? outcome;
        return await EndAsync(manifest, journal, cursor, outcome, cancellationToken);
    }

    private static async Task<PassOutcome> EndAsync(
        SyncManifest manifest, CopyJournal journal, PassCursor cursor, PassOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Next is null && await manifest.CompleteAsync(cursor.Generation, cancellationToken) is { } settled)
            await journal.ForgetAsync(settled, DealtWith(cursor, outcome), cancellationToken);
        return outcome;
    }

    /// <summary>Everything that was written before this pass began is as it should be; null where something is not.</summary>
    private static DateTimeOffset? DealtWith(PassCursor cursor, PassOutcome outcome) => cursor.Left + outcome.Left == 0 ? outcome.Began : null;

    private Task<StorePair> OpenAsync(DataSet data, PassRules rules, CopyPace? pace, BatchProgress progress, CancellationToken cancellationToken) => rules.Reverse
        ? pairs.OpenAsync(data.Target, data.Source, pace, progress, cancellationToken)
        : pairs.OpenAsync(data.Source, data.Target, pace, progress, cancellationToken);
}
