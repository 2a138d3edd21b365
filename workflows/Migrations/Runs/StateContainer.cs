using Azure.Storage.Blobs;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The blob container that the setting State:Container names, told apart from every other container in the service collection.</summary>
public sealed record StateContainer(BlobContainerClient Client);
