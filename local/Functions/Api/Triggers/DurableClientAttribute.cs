using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds a <c>DurableTaskClient</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>Another task hub than host.json's. The local host has one store and refuses any other name.</summary>
    public string? TaskHub { get; set; }

    /// <summary>The setting that names the store on Azure. The local host has one store and does not read it.</summary>
    public string? ConnectionName { get; set; }
}
