using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Benchmarks.Data.Servers;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Tests;
using Orchestrator.Workflows.Tests.Data;
using Orchestrator.Workflows.Tests.Migrations;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Benchmarks.Data.Product;

/// <summary>The product's activities, called one after the other as its orchestrators call them.</summary>
internal sealed class ProductRun
{
    public const string RunId = "bench";
    private const int DeepSample = 100;

    private readonly BlobStores _stores;
    private readonly Retention _retention = TestKinds.NewRetention();
    private readonly DataKinds _kinds;
    private readonly InMemoryDocuments _documents = new();
    private readonly ProgressReporter _reporter;

    public ProductRun(AzuriteServer azurite)
    {
        var options = new BlobStoreOptions
        {
            BlobAccounts = [.. azurite.Endpoints.Select(endpoint => new BlobAccount { Endpoint = endpoint, Key = azurite.Key })],
        };
        _stores = new BlobStores(Options.Create(options), new NoIdentity());
        var state = _stores.Container(azurite.NewContainer("orchstore"));
        state.Create();
        _kinds = TestKinds.Create(_stores, state, retention: _retention);
        _reporter = new ProgressReporter(_documents, TimeProvider.System, NullLogger<ProgressReporter>.Instance);
    }

    public static DataSet Pair(string source, string target) => new("orders", source, target, TimeSpan.FromSeconds(10), Reverse: true);

    public Task EnsureTargetAsync(DataSet data) =>
        new EnsureTargetContainer(_kinds).RunAsync(new TargetContainerInput(RunId, data), default);

    /// <summary>One pass.</summary>
    /// <returns>How many objects it copied.</returns>
    public async Task<long> CopyChangesAsync(DataSet data)
    {
        var activity = new CopyChanges(_kinds, _reporter, new RunDocuments(_documents));
        long copied = 0;
        string? cursor = null;
        do
        {
            var batch = await activity.RunAsync(new CopyChangesInput(RunId, data, DateTimeOffset.UtcNow, cursor), default);
            copied += batch.Copied;
            cursor = batch.Cursor;
        }
        while (cursor is not null);
        return copied;
    }

    /// <summary>A comparison that finds no difference, a sample read on both sides on the way; the delta pass before it is not of it.</summary>
    /// <returns>How many objects were compared and how many of them read.</returns>
    public async Task<(long Compared, long DeepChecked)> CompareAsync(DataSet data, int objects)
    {
        var activity = new CompareData(_kinds, new DifferenceParts(_documents), _reporter);
        var (compared, deepChecked, alsoRead) = (0L, 0L, Math.Max(1, objects / DeepSample));
        string? cursor = null;
        do
        {
            var batch = await activity.RunAsync(new CompareDataBatch(RunId, data, DateTimeOffset.UtcNow, cursor, AlsoReadOneIn: alsoRead), default);
            if (batch.Differences.Length > 0) throw new InvalidOperationException($"'{batch.Differences[0].Name}' is {batch.Differences[0].What}: what was measured was no copy.");
            compared += batch.Compared;
            deepChecked += batch.DeepChecked;
            cursor = batch.Cursor;
        }
        while (cursor is not null);
        return (compared, deepChecked);
    }

    /// <param name="runId">A second run's snapshot takes from the first one's what has not changed.</param>
    /// <returns>How many objects the snapshot has, and how many of them were copied for it.</returns>
    public async Task<(long Objects, long Copied)> SnapshotAsync(DataSet data, string container, string runId = RunId)
    {
        var activity = new SnapshotData(_kinds);
        var (parts, cursor, takenAt) = (0, (string?)null, DateTime.UtcNow);
        do
        {
            cursor = (await activity.RunAsync(new SnapshotPartInput(runId, data, container, parts++, cursor, takenAt, takenAt.AddDays(1)), default)).Cursor;
        }
        while (cursor is not null);

        var seal = new SealSnapshot(_stores, _retention, NullLogger<SealSnapshot>.Instance);
        for (int? step = 0; ;)
        {
            var result = await seal.RunAsync(new SealSnapshotInput(runId, [data], [parts], container, takenAt, RetainDays: 1, step.Value), default);
            if (result.NextStep is null) return (result.Objects, result.Copied);
            step = result.NextStep;
        }
    }
}
