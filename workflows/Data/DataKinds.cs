using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Data;

/// <summary>
/// Finds what works on a data set's kind of store. A kind is one folder beside <c>BlobContainers</c> that implements <see cref="IDataTargets"/>,
/// <see cref="IDataSync"/>, <see cref="IDataComparison"/> and <see cref="IDataSnapshots"/> and registers them under its name.
/// </summary>
public sealed class DataKinds(IServiceProvider services)
{
    public const string UnknownKind = "MIG0115";

    public IDataTargets Targets(DataSet data) => Of<IDataTargets>(data);

    public IDataSync Sync(DataSet data) => Of<IDataSync>(data);

    public IDataComparison Comparison(DataSet data) => Of<IDataComparison>(data);

    public IDataSnapshots Snapshots(DataSet data) => Of<IDataSnapshots>(data);

    /// <exception cref="PermanentFailureException">MIG0115: this installation knows no such kind.</exception>
    private T Of<T>(DataSet data)
        where T : class =>
        services.GetKeyedService<T>(data.Kind)
        ?? throw new PermanentFailureException(UnknownKind, $"data '{data.Name}' is of the kind '{data.Kind}', which this installation does not know");
}
