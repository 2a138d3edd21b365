using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Tells whether two listings showed the same objects in the same versions, in constant memory and whatever their order.</summary>
internal sealed class ListingDigest
{
    private UInt128 _sum;
    private long _count;

    public long Count => _count;

    public DigestValue Value => new(_count, _sum.ToString("x32"));

    public void Add(ListedObject item)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{item.Name}\n{item.Version}\n{item.Traits}"));
        _sum += BinaryPrimitives.ReadUInt128LittleEndian(hash);
        _count++;
    }

    /// <param name="until">The last name; null for no end.</param>
    public static async Task<ListingDigest> OfAsync(BlobContainerClient container, string? pageToken, string? after, string? until, CancellationToken cancellationToken)
    {
        var digest = new ListingDigest();
        await foreach (var (item, _) in new ContainerListing(container).ReadAsync(pageToken, after, cancellationToken))
        {
            if (until is not null && string.CompareOrdinal(item.Name, until) > 0) break;
            digest.Add(item);
        }

        return digest;
    }
}

/// <summary>A digest that can be kept and compared.</summary>
public sealed record DigestValue(long Count, string Sum);
