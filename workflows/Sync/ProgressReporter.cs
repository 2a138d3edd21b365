using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <summary>Writes how far batches are into the run's documents, one small document for each step, which the edge shows while the step runs.</summary>
public sealed class ProgressReporter(IDocumentStore store, TimeProvider time, ILogger<ProgressReporter> logger)
{
    /// <summary>Batches of a step that run side by side write the same document: who comes second looks again, and lets it be the third time.</summary>
    private const int Tries = 3;

    /// <param name="from">Null: nobody is told.</param>
    public BatchProgress Start(string runId, BatchBase? from) => from is null
        ? BatchProgress.None
        : new BatchProgress(from, (part, cancellationToken) => WriteAsync(runId, from, part, cancellationToken), time, cause => logger.ProgressUntold(cause, runId, from.Step));

    private async Task WriteAsync(string runId, BatchBase from, PartProgress part, CancellationToken cancellationToken)
    {
        var path = RunPaths.Progress(runId, from.Step);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var stored = await store.ReadAsync(path, cancellationToken);
            var before = stored is null ? null : JsonSerializer.Deserialize<ProgressDocument>(stored.Content, SpecJson.Options);
            var after = ProgressDocument.With(before, from, part);
            if (ReferenceEquals(before, after)) return;
            var content = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(after, SpecJson.Options));
            var isWritten = stored is null
                ? await store.CreateAsync(path, content, cancellationToken)
                : await store.ReplaceAsync(path, content, stored.ETag, cancellationToken);
            if (isWritten) return;
        }
    }
}
