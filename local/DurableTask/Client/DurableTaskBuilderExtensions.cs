using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Client;

public static class DurableTaskBuilderExtensions
{
    public static IDurableTaskClientBuilder Configure(this IDurableTaskClientBuilder builder, Action<DurableTaskClientOptions> configure)
    {
        builder.Services.Configure(configure);
        return builder;
    }

    public static IDurableTaskClientBuilder UseDefaultVersion(this IDurableTaskClientBuilder builder, string version) =>
        builder.Configure(options => options.DefaultVersion = version);

    /// <summary>Without effect here: the client is always registered as a <see cref="DurableTaskClient"/>.</summary>
    public static IDurableTaskClientBuilder RegisterDirectly(this IDurableTaskClientBuilder builder) => builder;
}
