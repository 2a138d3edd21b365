using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Draws samples that nobody can foresee without the seed and everybody can repeat with it.</summary>
internal static class Sample
{
    /// <summary>True for one in <paramref name="oneIn"/> names.</summary>
    public static bool Takes(string seed, string name, int oneIn) => Rank(seed, name) % (ulong)Math.Max(1, oneIn) == 0;

    /// <summary>The names with the smallest ranks are a sample of any size.</summary>
    public static ulong Rank(string seed, string name) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{name}")));
}
