namespace Orchestrator.Workflows.Probing;

/// <summary>
/// Time cut into batches of one length, numbered from 1970 on: each instant belongs to one batch, whoever probes it and when, and a batch that is run
/// again, or beside another, never counts anything twice.
/// </summary>
internal static class ProbeGrid
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    public static long NumberAt(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / (long)Length.TotalMilliseconds;

    public static DateTimeOffset Start(long number) => DateTimeOffset.UnixEpoch + (Length * number);
}
