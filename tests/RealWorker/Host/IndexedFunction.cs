using System.Text.Json;
using Orchestrator.RealWorker.Host.Protocol;

namespace Orchestrator.RealWorker.Host;

/// <summary>A function as the worker has told it to the host.</summary>
internal sealed class IndexedFunction
{
    private readonly JsonElement[] _bindings;

    public IndexedFunction(RpcFunctionMetadata metadata)
    {
        Metadata = metadata;
        _bindings = [.. metadata.RawBindings.Select(raw => JsonDocument.Parse(raw).RootElement)];
        Trigger = _bindings.Single(binding => Text(binding, "type")!.EndsWith("Trigger", StringComparison.Ordinal));
    }

    public RpcFunctionMetadata Metadata { get; }

    public string Name => Metadata.Name;

    public JsonElement Trigger { get; }

    public string TriggerType => Text(Trigger, "type")!;

    /// <summary>The parameter that the trigger fills.</summary>
    public string TriggerName => Text(Trigger, "name")!;

    /// <summary>Of an HTTP function, as the code has it, without the prefix of host.json.</summary>
    public string Route => Text(Trigger, "route") ?? Name;

    public IEnumerable<string> Methods => Trigger.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!);

    /// <summary>The parameters that a durable client is bound to.</summary>
    public IEnumerable<string> Clients => _bindings.Where(binding => Text(binding, "type") == "durableClient").Select(binding => Text(binding, "name")!);

    private static string? Text(JsonElement binding, string member) => binding.TryGetProperty(member, out var value) ? value.GetString() : null;
}
