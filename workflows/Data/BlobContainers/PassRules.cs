using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>What a pass carries, and whose the side is that it writes to.</summary>
/// <param name="Reverse">From the target to the source.</param>
/// <param name="Full">Both sides are listed. A light pass lists the side that it reads and knows the other from the manifest.</param>
/// <param name="AsOf">When the batch was decided. What the other side got after it, unless from us, was written by someone who knew more.</param>
/// <param name="Shared">
/// Customers write to both sides: only what changed on the side that is read is carried, the rest is the other direction's affair. Passes of both directions
/// take turns over one manifest.
/// </param>
/// <param name="Hurried">Writes wait for it: pages as large as the store gives.</param>
internal sealed record PassRules(bool Reverse, bool Full, DateTimeOffset? AsOf, bool Shared = false, bool Hurried = false)
{
    public int PageSize => Hurried ? ContainerListing.LargestPage : ContainerListing.FrugalPage;

    /// <summary>
    /// Before the cut-over the target is a private copy: what something else did to it alone is put back. After it, either side may hold what people
    /// wrote: what changed there is a conflict, kept and told.
    /// </summary>
    public bool IsPrivate => !Reverse && !Shared;
}
