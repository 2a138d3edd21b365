using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Tells whether two listings showed the same objects in the same versions, in constant memory and whatever their order.</summary>
internal sealed class ListingDigest
{
    private UInt128 _sum;

    public long Count { get; private set; }

    public void Add(ListedObject item)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{item.Name}\n{item.ETag}"));
        _sum += BinaryPrimitives.ReadUInt128LittleEndian(hash);
        Count++;
    }

    public bool IsSameAs(ListingDigest other) => Count == other.Count && _sum == other._sum;

    public static async Task<ListingDigest> OfAsync(BlobContainerClient container, CancellationToken cancellationToken)
    {
        var digest = new ListingDigest();
        await foreach (var (item, _) in new ContainerListing(container).ReadAsync(pageToken: null, after: null, cancellationToken)) digest.Add(item);
        return digest;
    }
}
