using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Workflows.Migrations;

/// <summary>What is approved: one digest over those of the plan and of the verification. A pure function, so an orchestrator may call it.</summary>
public static class Digests
{
    /// <summary>Of a document, as it stands.</summary>
    public static string Of(BinaryData document) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(document.ToMemory().Span))}";

    public static string Of(params string[] parts) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))}";
}
