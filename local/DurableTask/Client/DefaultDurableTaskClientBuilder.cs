using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Client;

public class DefaultDurableTaskClientBuilder(string? name, IServiceCollection services) : IDurableTaskClientBuilder
{
    private Type? target;

    public string Name { get; } = name ?? Extensions.Options.Options.DefaultName;

    public IServiceCollection Services { get; } = services;

    /// <exception cref="ArgumentException">Not a concrete subclass of <see cref="DurableTaskClient"/>.</exception>
    public Type? BuildTarget
    {
        get => target;
        set => target = value is null || (value.IsSubclassOf(typeof(DurableTaskClient)) && !value.IsAbstract)
            ? value
            : throw new ArgumentException($"{value} is not a concrete subclass of {nameof(DurableTaskClient)}.", nameof(value));
    }

    /// <exception cref="InvalidOperationException">There is no build target.</exception>
    public DurableTaskClient Build(IServiceProvider serviceProvider) => target is null
        ? throw new InvalidOperationException("No client is configured: set the build target.")
        : (DurableTaskClient)ActivatorUtilities.CreateInstance(serviceProvider, target, Name);
}
