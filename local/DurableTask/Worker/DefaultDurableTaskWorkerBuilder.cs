using Microsoft.DurableTask.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.DurableTask.Worker;

public class DefaultDurableTaskWorkerBuilder(string? name, IServiceCollection services) : IDurableTaskWorkerBuilder
{
    private Type? target;

    public string Name { get; } = name ?? Extensions.Options.Options.DefaultName;

    public IServiceCollection Services { get; } = services ?? throw new ArgumentNullException(nameof(services));

    /// <exception cref="ArgumentException">Not a concrete <see cref="DurableTaskWorker"/>.</exception>
    public Type? BuildTarget
    {
        get => target;
        set => target = value is null || (value.IsSubclassOf(typeof(DurableTaskWorker)) && !value.IsAbstract)
            ? value
            : throw new ArgumentException($"{value} is not a concrete {nameof(DurableTaskWorker)}.", nameof(value));
    }

    /// <exception cref="InvalidOperationException">There is no build target.</exception>
    public IHostedService Build(IServiceProvider serviceProvider)
    {
        if (target is null)
            throw new InvalidOperationException("No worker is configured: set the build target.");
        var registry = serviceProvider.GetRequiredService<IOptionsMonitor<DurableTaskRegistry>>().Get(Name);
        return (IHostedService)ActivatorUtilities.CreateInstance(serviceProvider, target, Name, new DurableTaskFactory(registry));
    }
}
