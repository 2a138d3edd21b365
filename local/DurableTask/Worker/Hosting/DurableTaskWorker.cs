using Microsoft.Extensions.Hosting;

namespace Microsoft.DurableTask.Worker.Hosting;

/// <summary>What a worker builder builds.</summary>
public abstract class DurableTaskWorker(string? name, IDurableTaskFactory factory) : BackgroundService
{
    protected virtual string Name { get; } = name ?? Extensions.Options.Options.DefaultName;

    protected virtual IDurableTaskFactory Factory { get; } = factory ?? throw new ArgumentNullException(nameof(factory));

    protected IExceptionPropertiesProvider? ExceptionPropertiesProvider { get; set; }
}
