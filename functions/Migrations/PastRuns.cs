using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Runs that had begun, by what they left in the state container. The engine forgets a run that is purged, or whose store is lost; the documents stay.</summary>
public sealed class PastRuns(EdgeDocuments documents)
{
    /// <returns>Null where no run has begun under the id: it was never taken, or the start broke off before the run was scheduled.</returns>
    public async Task<PastRun?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!SpecReader.IsId(id))
            return null;
        // The first thing that a run does is to write its audit log. It goes on where that fails, to the plan, and ends with the report.
        var left = await Task.WhenAll(IsThereAsync(RunPaths.Audit(id)), IsThereAsync(RunPaths.Plan(id)), IsThereAsync(RunPaths.ReportJson(id)));
        if (!left.Contains(true))
            return null;
        var start = await documents.ReadAsync<StartRecord>(StartRecord.Path(id), cancellationToken);
        return new PastRun(id, start?.RequestedAt, HasAudit: left[0], HasReport: left[2]);

        async Task<bool> IsThereAsync(string path) => await documents.ReadRawAsync(path, cancellationToken) is not null;
    }
}

/// <param name="RequestedAt">Null where the record of the start is gone.</param>
public sealed record PastRun(string Id, DateTimeOffset? RequestedAt, bool HasAudit, bool HasReport)
{
    /// <summary>The answer to who asks for the run, or for a document that it did not leave.</summary>
    public ProblemException Forgotten() => new(ProblemKind.Forgotten, Known());

    /// <summary>The answer to who would start it again.</summary>
    public ProblemException UsedUp() =>
        new(ProblemKind.UsedUp, $"{Known()} Nothing was started: a new run needs another id and, where one is sent, another Idempotency-Key.");

    private string Known()
    {
        var since = RequestedAt is { } at ? $", which was asked for at {at:O}" : "";
        var report = HasReport ? $"Its report is at {RunLinks.Of(Id).Report}" : "It left no report";
        var audit = HasAudit ? $"its audit log is at {RunLinks.Of(Id).Audit}" : "it left no audit log";
        return $"The engine does not know the migration {Id}{since}: it was purged after its end, or the engine's store was lost. {report}; {audit}.";
    }
}
