using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

public class WorkerOptions
{
    /// <summary>Turns the inputs and outputs of orchestrators and activities into JSON and back. ASP.NET Core's options have no say in it.</summary>
    public ObjectSerializer? Serializer { get; set; }

    /// <summary>What the worker tells its host that it can do. There is no host here to be told.</summary>
    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
