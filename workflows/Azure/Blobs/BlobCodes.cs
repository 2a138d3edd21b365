namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>What a blob store can answer that trying again does not mend. Each has its page under docs/errors.</summary>
public static class BlobCodes
{
    public const string Refused = "MIG0100";
    public const string NoContainer = "MIG0101";
    public const string BadUrl = "MIG0102";
    public const string UnknownAccount = "MIG0103";
    public const string Full = "MIG0104";
    public const string UnsupportedObject = "MIG0105";
    public const string ListingOrder = "MIG0106";
    public const string Rejected = "MIG0107";
}
