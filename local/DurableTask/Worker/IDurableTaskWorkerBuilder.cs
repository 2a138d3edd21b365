using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.DurableTask.Worker;

public interface IDurableTaskWorkerBuilder
{
    string Name { get; }

    IServiceCollection Services { get; }

    /// <summary>Null here: the worker is always the embedded engine.</summary>
    Type? BuildTarget { get; set; }

    IHostedService Build(IServiceProvider serviceProvider);
}
