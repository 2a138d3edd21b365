using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>
/// Says how fast a run may copy before its cut-over, or, without a rate, that it may copy as fast as it can. It counts within seconds, also for what is
/// being copied; the last word stands. Whoever said it stands in the audit log before it counts.
/// </summary>
public sealed class ThrottleMigration(Edge edge, RunReader runs, ThrottleReader throttles, RunDocuments documents, AuditLog audit, TimeProvider time, ILogger<ThrottleMigration> logger)
{
    /// <summary>Slower than this, and one piece of a large object would hold up a batch for longer than it has.</summary>
    private const int LeastBytes = 64 * 1024;

    [Function(nameof(ThrottleMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/throttle")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Operate, async caller =>
        {
            var run = await runs.GetAsync(client, id, cancellationToken);
            var now = time.GetUtcNow();
            var wanted = await RequestBody.ReadAsync(request, body => Read(body, caller.Person, now), cancellationToken);
            if (Objection(run.View) is { } objection)
                throw new ProblemException(ProblemKind.WrongState, objection);

            await audit.AppendAsync(id, new AuditEntry($"throttle:{now.UtcTicks}", now, caller.Person, "throttled", $"{Said(wanted)}: {wanted.Reason}"), cancellationToken);
            await documents.PutAsync(RunPaths.Throttle(id), wanted, cancellationToken);
            throttles.Remember(id, wanted);
            logger.Throttled(caller.Person, id, wanted.ObjectsPerSecond, wanted.BytesPerSecond);
            return StartMigration.Accepted((await runs.GetAsync(client, id, cancellationToken)).View);
        }, cancellationToken);

    private static SyncThrottle Read(ObjectReader body, string person, DateTimeOffset now) => new(
        Rate(body, "objectsPerSecond", least: 1),
        Rate(body, "bytesPerSecond", LeastBytes),
        person,
        body.Requires("reason").Text("reason", maxLength: 1000) ?? "",
        now);

    private static long? Rate(ObjectReader body, string member, int least)
    {
        var rate = body.Whole(member, otherwise: 0, least, int.MaxValue);
        return rate == 0 ? null : rate;
    }

    private static string Said(SyncThrottle throttle) => throttle switch
    {
        { IsLifted: true } => "as fast as it can",
        { BytesPerSecond: null } => FormattableString.Invariant($"{throttle.ObjectsPerSecond} objects a second"),
        { ObjectsPerSecond: null } => FormattableString.Invariant($"{throttle.BytesPerSecond} bytes a second"),
        _ => FormattableString.Invariant($"{throttle.ObjectsPerSecond} objects and {throttle.BytesPerSecond} bytes a second"),
    };

    private static string? Objection(RunView run)
    {
        if (RunStatus.IsEnd(run.Status))
            return $"The migration has ended: {run.Status}.";
        if (run.Status == RunStatus.Compensating)
            return "The migration is undoing what it did already.";
        if (run.HasBegun(StepNames.CutOver))
            return "The cut-over has begun; what it copies is never held back.";
        return run.Steps.Any(step => step.Name == StepNames.Verify && step.Status is not (StepStatus.Pending or StepStatus.Running))
            ? "The data is copied and verified; there is nothing left to hold back."
            : null;
    }
}
