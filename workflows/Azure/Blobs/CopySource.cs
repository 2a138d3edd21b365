using Azure;
using Azure.Storage.Blobs;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>A container as another store reads it. Holds a secret: never logged, never kept.</summary>
/// <param name="Signature">A query that lets its bearer read; empty where <paramref name="Authorization"/> does.</param>
internal sealed record CopySource(BlobContainerClient Container, string Signature, HttpAuthorization? Authorization)
{
    /// <summary>Longer than any batch takes.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public Uri Of(string name) => new(Container.GetBlobClient(name).Uri.AbsoluteUri + Signature);

    public override string ToString() => Container.Uri.ToString();
}
