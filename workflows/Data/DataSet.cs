namespace Orchestrator.Workflows.Data;

/// <summary>A set of data that moves with the site, by URLs alone: how they are reached is the installation's affair.</summary>
/// <param name="MaxLag">How far the target may be behind the source when the cut-over begins.</param>
/// <param name="Reverse">After the cut-over the target's changes can flow back.</param>
/// <param name="Kind">What kind of store it is in: says which implementation of the seams in this folder works on it.</param>
public sealed record DataSet(string Name, string Source, string Target, TimeSpan MaxLag, bool Reverse, string Kind = DataSet.BlobContainer)
{
    public const string BlobContainer = "blobContainer";
}
