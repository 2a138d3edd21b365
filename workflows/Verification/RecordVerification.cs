using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Verification;

/// <summary>Keeps what a verification found as a document of the run, and gives its digest. The same findings have the same digest.</summary>
public sealed class RecordVerification(RunDocuments documents)
{
    [Function(nameof(RecordVerification))]
    public async Task<string> RunAsync([ActivityTrigger] VerificationRecord record, CancellationToken cancellationToken)
    {
        await documents.PutAsync(RunPaths.Verification(record.RunId), record, cancellationToken);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(record, SpecJson.Options)))}";
    }
}

/// <summary>A verification as it is kept: what was compared, checked and loaded, and what was wrong.</summary>
public sealed record VerificationRecord(
    string RunId, int Round, DateTimeOffset At, long ObjectsCompared, long Mismatches, IReadOnlyList<string> MismatchNames, IReadOnlyList<CheckResult> Checks, LoadResult? Load, IReadOnlyList<string> Faults);
