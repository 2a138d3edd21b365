using System.Collections.Concurrent;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Knows the addresses of all proxies, and so which source of a copy is really in which Azurite.</summary>
internal static class CopySources
{
    private static readonly ConcurrentDictionary<string, string> Azurites = new(StringComparer.OrdinalIgnoreCase);

    public static void Add(string proxy, string azurite) => Azurites[proxy] = azurite;

    public static void Remove(string proxy) => Azurites.TryRemove(proxy, out _);

    /// <summary>Where <paramref name="azurite"/> itself has the source; null where it is not in there.</summary>
    public static string? Find(string source, string azurite)
    {
        if (source.StartsWith($"{azurite}/", StringComparison.OrdinalIgnoreCase)) return source;
        var proxy = Azurites.FirstOrDefault(proxy => proxy.Value == azurite && source.StartsWith($"{proxy.Key}/", StringComparison.OrdinalIgnoreCase)).Key;
        return proxy is null ? null : azurite + source[proxy.Length..];
    }
}
