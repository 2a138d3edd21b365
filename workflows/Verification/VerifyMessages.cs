using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Verification;

/// <param name="Round">1 for the first verification of a run; a later one has its own documents and child instances.</param>
/// <param name="StaleAfter">The age at which what is found no longer counts.</param>
/// <param name="TotalObjects">As the plan counted them, for the progress alone.</param>
public sealed record VerifyInput(
    string RunId, string SlotHostName, IReadOnlyList<DataSet> Data, int Round, LoadLimits? Load, TimeSpan? StaleAfter = null, long TotalObjects = 0, long TotalBytes = 0);

/// <param name="MaxErrorRate">0 to 1.</param>
public sealed record LoadLimits(TimeSpan Duration, double MaxErrorRate, TimeSpan? P95);

/// <param name="Digest"><c>sha256:</c> and the hash of the verification's document.</param>
/// <param name="At">When the data was found equal and the slot sound: from here the age counts.</param>
public sealed record VerifyResult(string Digest, DateTimeOffset At, long ObjectsCompared, long Mismatches, long Repaired = 0);

public sealed record ProbeOrder(string RunId, string HostName);

/// <summary>How one HTTP check went. <paramref name="Fault"/> is null when it passed.</summary>
public sealed record CheckResult(string Name, string Path, int Status, double Milliseconds, string? Fault);

public sealed record LoadOrder(string RunId, string HostName, TimeSpan Duration);

/// <summary>What a stretch of load gave. A failed request: no answer, or a 5xx.</summary>
/// <param name="P95Milliseconds">The 95th percentile of response times.</param>
public sealed record LoadResult(long Requests, long Failed, double P95Milliseconds)
{
    public double ErrorRate => Requests > 0 ? (double)Failed / Requests : 1;
}

public static class VerifyCodes
{
    public const string CheckFailed = "MIG0240";
    public const string LoadFailed = "MIG0241";
    public const string DataDiffers = "MIG0242";
    public const string Stale = "MIG0243";
}
