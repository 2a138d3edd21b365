namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What a request asks of a blob store, by the names of its REST reference.</summary>
public enum StoreOperation
{
    Other,
    Container,
    ListBlobs,
    GetBlob,
    HeadBlob,
    DeleteBlob,
    PutBlob,
    PutBlock,
    PutBlockList,
    GetBlockList,
    AppendBlock,
    PutPage,
    GetPageRanges,
    SetMetadata,
    SetProperties,
    SetTier,
    Snapshot,
    Lease,
    GetTags,
    SetTags,
    ImmutabilityPolicy,

    /// <summary>Asynchronous: Azure may answer that the copy is pending.</summary>
    CopyBlob,
    CopyBlobFromUrl,
    AbortCopy,
    PutBlobFromUrl,
    PutBlockFromUrl,
    AppendBlockFromUrl,
    PutPageFromUrl,
}
