using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Client;

public interface IDurableTaskClientBuilder
{
    string Name { get; }

    IServiceCollection Services { get; }

    /// <summary>Null here: the client is always the embedded engine's.</summary>
    Type? BuildTarget { get; set; }

    DurableTaskClient Build(IServiceProvider serviceProvider);
}
