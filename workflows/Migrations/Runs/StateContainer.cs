using Azure.Storage.Blobs;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The blob containers that the section State names, told apart from every other container in the service collection.</summary>
/// <param name="Audit">For audit logs; null: they are with the other documents.</param>
public sealed record StateContainer(BlobContainerClient Client, BlobContainerClient? Audit = null)
{
    public IEnumerable<BlobContainerClient> All => Audit is null ? [Client] : [Client, Audit];

    public BlobContainerClient For(string path) => Audit is not null && RunPaths.IsAudit(path) ? Audit : Client;
}
