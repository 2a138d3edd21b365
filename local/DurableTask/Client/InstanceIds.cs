using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orchestrator.Local.DurableTask;

/// <summary>
/// Any text can be the id of an instance, if it is one: half of a surrogate pair is no character, and what the store gives
/// back in its place would be another id.
/// </summary>
internal static class InstanceIds
{
    /// <exception cref="ArgumentException">It is null, empty, or not a text.</exception>
    public static void Check(string? instanceId, [CallerArgumentExpression(nameof(instanceId))] string? parameter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId, parameter);
        for (var rest = instanceId.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
                throw new ArgumentException($"At {instanceId.Length - rest.Length} the instance id has half of a surrogate pair, which is no character.", parameter);
            rest = rest[length..];
        }
    }
}
