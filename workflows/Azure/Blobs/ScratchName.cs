using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Names of containers that live within one activity: the same for each try of it, and no two purposes share one.</summary>
internal static class ScratchName
{
    public static string For(string runId, string purpose, string dataSet) =>
        $"orchestrator-{purpose}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{runId}\n{purpose}\n{dataSet}")).AsSpan(0, 8))}";
}
