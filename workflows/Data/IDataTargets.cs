using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Data;

/// <summary>The places that data sets of one kind are copied to. Each call names the state wanted; twice is harmless.</summary>
public interface IDataTargets
{
    /// <summary>The target is there, empty or this run's, and marked as this run's.</summary>
    /// <exception cref="PermanentFailureException">MIG0111: it holds something and is not this run's.</exception>
    Task EnsureAsync(string runId, DataSet data, CancellationToken cancellationToken);

    /// <summary>The target is as it was before the run, gone or empty. What is not marked as this run's is left as it is.</summary>
    /// <returns>False where there was nothing of this run.</returns>
    /// <exception cref="PermanentFailureException">MIG0112: it is live; MIG0341: customers wrote to it, and not all of it is known to be carried back.</exception>
    Task<bool> RemoveAsync(string runId, DataSet data, CancellationToken cancellationToken);

    /// <summary>From now on no batch of the sync, however late, writes to the target, and no undo removes it.</summary>
    Task MarkLiveAsync(string runId, DataSet data, CancellationToken cancellationToken);

    /// <summary>From now on customers may write to the target as to the source: what they write there is carried, never put back. Does nothing where that time has ended.</summary>
    /// <param name="key">Names this time; later ones sort after it.</param>
    Task ShareAsync(string runId, DataSet data, string key, CancellationToken cancellationToken);

    /// <summary>The target is this run's private copy again. Only where it is shared under this key.</summary>
    Task UnshareAsync(string runId, DataSet data, string key, CancellationToken cancellationToken);
}
