using System.Security.Cryptography;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Compares two streams byte for byte and hashes the first on the way.</summary>
internal static class StreamComparison
{
    private const int BufferBytes = 128 * 1024;

    public static async Task<(bool Same, string Sha256)> RunAsync(Stream one, Stream other, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (left, right) = (new byte[BufferBytes], new byte[BufferBytes]);
        var same = true;
        while (true)
        {
            var read = await one.ReadAtLeastAsync(left, BufferBytes, throwOnEndOfStream: false, cancellationToken);
            var readOther = await other.ReadAtLeastAsync(right, BufferBytes, throwOnEndOfStream: false, cancellationToken);
            same &= left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, readOther));
            hash.AppendData(left, 0, read);
            if (read < BufferBytes) return (same, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
    }
}
