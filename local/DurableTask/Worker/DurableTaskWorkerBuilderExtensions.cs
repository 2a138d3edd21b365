using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Worker;

public static class DurableTaskWorkerBuilderExtensions
{
    public static IDurableTaskWorkerBuilder AddTasks(this IDurableTaskWorkerBuilder builder, Action<DurableTaskRegistry> configure)
    {
        builder.Services.Configure(configure);
        return builder;
    }

    public static IDurableTaskWorkerBuilder Configure(this IDurableTaskWorkerBuilder builder, Action<DurableTaskWorkerOptions> configure)
    {
        builder.Services.Configure(configure);
        return builder;
    }

    public static IDurableTaskWorkerBuilder UseVersioning(
        this IDurableTaskWorkerBuilder builder, DurableTaskWorkerOptions.VersioningOptions versionOptions) =>
        builder.Configure(options => options.Versioning = versionOptions);
}
