using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Functions.Migrations;

/// <summary>Who took an id, and with what: the first document of a run, which is only ever created.</summary>
/// <param name="BodyHash">SHA-256 of the body as it came.</param>
/// <param name="KeyHash">Of the caller and their idempotency key; null without one.</param>
public sealed record StartRecord(string Id, string RequestedBy, DateTimeOffset RequestedAt, string BodyHash, string? KeyHash)
{
    public static string Path(string id) => Orchestrator.Workflows.Migrations.RunPaths.Of(id, "start.json");
}

/// <summary>What an idempotency key was first used for.</summary>
public sealed record KeyRecord(string Id, string BodyHash)
{
    public static string Path(string keyHash) => $"idempotency/{keyHash}.json";

    /// <summary>A key belongs to its caller: two people may use the same one.</summary>
    public static string HashOf(string person, string key) => Hash(Encoding.UTF8.GetBytes($"{person.ToLowerInvariant()}\n{key}"));

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
