using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Tests.Verification;

/// <summary>A kind of data whose passes and comparisons do what a test says, and notes what was asked of it.</summary>
internal sealed class ScriptedData : IDataComparison, IDataSync
{
    private const string Kind = "scripted";

    public static DataSet Set { get; } = new("orders", "https://a.invalid/orders", "https://b.invalid/orders", TimeSpan.FromSeconds(10), Reverse: false, Kind);

    public ConcurrentQueue<CompareDataBatch> Compared { get; } = new();

    public ConcurrentQueue<CopyChangesInput> Copied { get; } = new();

    public required Func<CompareDataBatch, CancellationToken, Task<ComparedBatch>> Compare { get; init; }

    public Func<CopyChangesInput, CopyChangesResult> Copy { get; init; } =
        static _ => new CopyChangesResult(0, 0, 0, Examined: 60, 0, Cursor: null, FinishedPass: true, TimeSpan.Zero);

    public void AddTo(IServiceCollection services) => services.AddKeyedSingleton<IDataComparison>(Kind, this).AddKeyedSingleton<IDataSync>(Kind, this);

    public static ComparedBatch Batch(long compared, string? next, long extra = 0, long belied = 0) => new(
        new CompareDataBatchResult(compared, Missing: 0, extra, Different: 0, Lagging: 0, BytesRead: 0, [], next, DeepChecked: 1, belied),
        [.. Enumerable.Range(0, (int)extra).Select(number => new Azure.Blobs.ObjectDifference($"{next} {number:D5}", "extra"))]);

    public Task<ComparedBatch> CompareAsync(CompareDataBatch input, BatchProgress progress, CancellationToken cancellationToken)
    {
        Compared.Enqueue(input);
        return Compare(input, cancellationToken);
    }

    public Task<CopyChangesResult> CopyChangesAsync(CopyChangesInput input, BatchProgress progress, CancellationToken cancellationToken)
    {
        Copied.Enqueue(input);
        return Task.FromResult(Copy(input));
    }

    public Task<DataSetCount> CountAsync(CountObjectsInput input, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DivideDataResult> DivideAsync(DivideDataInput input, CancellationToken cancellationToken) => throw new NotSupportedException("not scripted");

    public Task<FinalDeltaResult> FinishAsync(DataSet data, FinalDeltaInput input, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ReverseDeltaResult> CopyBackAsync(ReverseDeltaInput input, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SharedDeltaResult> CarrySharedAsync(SharedDeltaInput input, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TryReverseResult> TryWayBackAsync(string runId, DataSet data, CancellationToken cancellationToken) => throw new NotSupportedException();
}
