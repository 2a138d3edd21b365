namespace Microsoft.DurableTask.Entities
{
    /// <summary>Entities are declared so that code written for them compiles; this engine does not run them.</summary>
    public interface ITaskEntity
    {
        ValueTask<object?> RunAsync(TaskEntityOperation operation);
    }

    /// <inheritdoc cref="ITaskEntity"/>
    public abstract class TaskEntityOperation;

    /// <summary>Reached through <see cref="TaskOrchestrationContext.Entities"/>, which throws here.</summary>
    public abstract class TaskOrchestrationEntityFeature;
}

namespace Microsoft.DurableTask.Client.Entities
{
    /// <summary>Reached through <see cref="DurableTaskClient.Entities"/>, which throws here.</summary>
    public abstract class DurableEntityClient(string name)
    {
        public string Name { get; } = name;
    }
}
