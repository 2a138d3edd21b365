using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask;

public sealed partial class DurableTaskRegistry
{
    /// <summary>Entities can be registered, so that shared registration code compiles and runs, but this engine never calls them.</summary>
    public DurableTaskRegistry AddEntity(TaskName name, Func<IServiceProvider, ITaskEntity> factory)
    {
        Add(Entities, name, factory);
        return this;
    }

    public DurableTaskRegistry AddEntity(Type type) => AddEntity(TaskKey.Of<ITaskEntity>(type).Name, type);

    public DurableTaskRegistry AddEntity(TaskName name, Type type) =>
        AddEntity(TaskKey.Of<ITaskEntity>(type, name).Name, services => (ITaskEntity)ActivatorUtilities.GetServiceOrCreateInstance(services, type));

    public DurableTaskRegistry AddEntity<TEntity>()
        where TEntity : class, ITaskEntity => AddEntity(typeof(TEntity));

    public DurableTaskRegistry AddEntity<TEntity>(TaskName name)
        where TEntity : class, ITaskEntity => AddEntity(name, typeof(TEntity));

    public DurableTaskRegistry AddEntity(ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return AddEntity(TaskKey.Of<ITaskEntity>(entity.GetType()).Name, entity);
    }

    public DurableTaskRegistry AddEntity(TaskName name, ITaskEntity entity) => AddEntity(name, _ => entity);
}
