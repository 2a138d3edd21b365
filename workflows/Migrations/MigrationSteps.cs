using Microsoft.DurableTask;
using Orchestrator.Workflows.Approvals;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Probing;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;
using Orchestrator.Workflows.Waiting;
using Orchestrator.Workflows.Watching;
using Orchestrator.Workflows.WayBack;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The steps of a migration in their order: the way forward, read like the runbook. Every step's undo is on the saga before the step begins.</summary>
internal sealed class MigrationSteps(TaskOrchestrationContext context, MigrationInput input, RunProgress run, RunControl control, Saga saga)
{
    /// <summary>So often a verification is made, at most, that goes stale while the window is waited for.</summary>
    private const int MostUnasked = 3;

    private readonly IReadOnlyList<DataSet> data = [.. input.Outline.Data.Select(d => new DataSet(d.Name, d.Source, d.Target, d.MaxLag, d.Reverse, d.Kind))];
    private readonly DecisionInbox inbox = new(context);
    private readonly EventInbox<ApprovalAnswer> approvals = new(context, RunEvents.Approval);
    private readonly List<string> wayBackTried = [];
    private SiteHold hold = new(input.Id, input.Site, Fence: 0);
    private string slotHostName = "";
    private VerifyResult verified = null!;
    private readonly Prober prober = new(context, run, input);
    private string? approved;
    private int round;

    public async Task<Ending> RunAsync()
    {
        var plan = await PlanAsync();
        if (input.Mode == MigrationMode.Plan) return new Ending(RunStatus.Planned, Undo: false);
        if (Blocked(plan) is { } blocked) return blocked;

        if (await WaitAsync(plan) is { } replanned)
        {
            plan = replanned;
            if (Blocked(plan) is { } late) return late;
        }
        if (await StoppedAsync() is { } early) return early;

        await SnapshotAsync(plan);
        if (await StoppedAsync() is { } afterSnapshot) return afterSnapshot;
        await ProvisionAsync(plan);
        if (await StoppedAsync() is { } afterProvision) return afterProvision;
        if (await SyncAsync(plan) is { } aborted) return aborted;
        if (await StoppedAsync() is { } afterSync) return afterSync;

        await VerifyAsync(plan);
        if (input.Mode == MigrationMode.Rehearse) return new Ending(RunStatus.Rehearsed, Undo: true);
        if (await ApproveAsync(plan) is { } refused) return refused;
        if (await StoppedAsync() is { } last) return last;

        return await CutOverAndWatchAsync(plan);
    }

    private Task<PlanSummary> PlanAsync() => run.StepAsync(StepNames.Plan, async () =>
    {
        if (input.Mode != MigrationMode.Plan && hold.Fence == 0) hold = await context.CallActivityAsync<SiteHold>(nameof(AcquireSite), new SiteRef(input.Id, input.Site), Retry.Standard);
        var counts = await Task.WhenAll(data.Select(CountAsync));
        return await context.CallActivityAsync<PlanSummary>(nameof(MakePlan), new PlanOrder(input.Id, counts), Retry.Beginning);
    }, no: plan => input.Mode == MigrationMode.Plan ? null : plan.Blockers.ElementAtOrDefault(0)?.Detail);

    private async Task<DataCount> CountAsync(DataSet set)
    {
        var (total, cursor) = (new DataSetCount(0, 0, new Dictionary<string, long>(), []), (string?)null);
        do
        {
            var batch = await context.CallActivityAsync<DataSetCount>(nameof(CountObjects), new CountObjectsInput(set, cursor), Retry.Standard);
            (total, cursor) = (total.Plus(batch), batch.Cursor);
        }
        while (cursor is not null);
        return new DataCount(set.Name, total.Objects, total.Bytes, [.. total.Unsupported.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => $"{u.Value} × {u.Key}"), .. total.UnsupportedNames.Take(3)]);
    }

    private Ending? Blocked(PlanSummary plan)
    {
        if (plan.Blockers is not [var first, ..]) return null;
        var failure = new RunFailure(StepNames.Plan, first.Code, plan.Blockers.Count == 1 ? first.Detail : $"{first.Detail} (and {plan.Blockers.Count - 1} more in the plan)");
        run.Refuse(StepNames.Plan, failure);
        return new Ending(RunStatus.Compensated, Undo: true, failure);
    }

    /// <summary>Waits for the window. A plan that grew old while waiting is made again, and given back.</summary>
    private async Task<PlanSummary?> WaitAsync(PlanSummary plan)
    {
        var began = context.CurrentUtcDateTime;
        await run.StepAsync(StepNames.Wait, () => WindowWait.RunAsync(context, input, plan.ChangeDuration, control.Cancelled), RunStatus.WaitingForWindow);
        return context.CurrentUtcDateTime - began > TimeSpan.FromMinutes(15) && !control.Cancelled.IsCompleted ? await PlanAsync() : null;
    }

    // Copying and thinking take time: the window may have closed, or a freeze begun.
    private Task WaitAgainAsync(PlanSummary plan) => input.Outline.Window is null
        ? Task.CompletedTask
        : run.StepAsync(StepNames.Wait, () => WindowWait.RunAsync(context, input, plan.ChangeDuration, control.Cancelled), RunStatus.WaitingForWindow);

    private Task SnapshotAsync(PlanSummary plan) => run.StepAsync(StepNames.Snapshot, async () => run.Snapshot = await context.CallSubOrchestratorAsync<SnapshotResult>(
        nameof(SnapshotOrchestrator), new SnapshotInput(input.Id, input.Site, input.Outline.Snapshot, data, plan.Objects, plan.Bytes), Child(StepNames.Snapshot)));

    private async Task ProvisionAsync(PlanSummary plan) => slotHostName = await run.StepAsync(StepNames.Provision, () =>
    {
        if (input.Outline.HasTemplate) saga.OnFailure(nameof(RestoreConfiguration), new RestoreConfigurationOrder(hold, input.Outline.Snapshot.Container, ConfigurationOrder.BeforeTemplate, ConfigurationOrder.AfterTemplate));
        if (input.Outline.HasTemplate) saga.OnFailure(nameof(RemoveDeployedResources), new SlotOrder(hold, input.Slot));
        foreach (var set in data) saga.OnFailure(nameof(RemoveTargetContainer), new TargetContainerInput(input.Id, set));
        saga.OnFailure(nameof(RemoveSlot), new SlotOrder(hold, input.Slot));
        return context.CallSubOrchestratorAsync<string>(
            nameof(ProvisionOrchestrator),
            new ProvisionInput(hold, input.Slot, plan.HealthCheckPath, data, input.Outline.HasTemplate, input.Outline.Snapshot.Container),
            Child(StepNames.Provision));
    });

    /// <summary>A cancellation while a person was asked is the caller's to see.</summary>
    private async Task<Ending?> SyncAsync(PlanSummary plan)
    {
        var stopped = await run.StepAsync(
            StepNames.Sync, () => new SyncStep(context, run, control, inbox, wayBackTried).RunAsync(new SyncInput(input.Id, [.. data], plan.Objects, plan.Bytes, Pausable: true)), no: outcome => outcome?.Detail);
        return stopped is { Choice: DecisionChoice.Abort } ? Aborted(StepNames.Sync, stopped) : null;
    }

    private Ending Aborted(string step, DecisionOutcome outcome)
    {
        var failure = new RunFailure(step, outcome.Question.Error.Code, outcome.Detail);
        run.Refuse(step, failure);
        return new Ending(RunStatus.Compensated, Undo: true, failure);
    }

    private async Task VerifyAsync(PlanSummary plan) => verified = await run.StepAsync(StepNames.Verify, async () =>
    {
        var name = ++round == 1 ? StepNames.Verify : $"{StepNames.Verify}:{round}";
        var order = new VerifyInput(input.Id, slotHostName, data, round, input.Outline.Load, input.Outline.VerifyStaleAfter, plan.Objects, plan.Bytes);
        var result = await context.CallSubOrchestratorAsync<VerifyResult>(nameof(VerifyOrchestrator), order, Child(name));
        run.Figures = run.Figures with { ObjectsCompared = result.ObjectsCompared, Mismatches = result.Mismatches, ObjectsRepaired = result.Repaired };
        run.Verification = new VerificationState(round, result.At, result.At + input.Outline.VerifyStaleAfter, result.ObjectsCompared, result.Mismatches, result.Repaired);
        return result;
    });

    /// <summary>Asks people. A verification that grew stale while they thought is made again, and people are asked again, for the new digest.</summary>
    private async Task<Ending?> ApproveAsync(PlanSummary plan)
    {
        while (true)
        {
            if (input.Outline.Approval is { } approval && await AskAsync(plan, approval) is { } refused) return refused;
            if (control.Cancelled.IsCompleted) return null;
            await WaitAgainAsync(plan);
            var isStale = run.Now - verified.At > input.Outline.VerifyStaleAfter;
            // Where nobody is asked, nobody ends this: the cut-over refuses what is stale still.
            if (control.Cancelled.IsCompleted || !isStale || (input.Outline.Approval is null && round >= MostUnasked)) return null;
            await VerifyAsync(plan);
        }
    }

    private async Task<Ending?> AskAsync(PlanSummary plan, ApprovalSpec approval)
    {
        var (id, digest) = ($"{input.Id}.{round}", Digests.Of(plan.Digest, verified.Digest));
        var outcome = await run.StepAsync(
            StepNames.Approve, () => new ApprovalQuestion(context, run, approvals, approval, input.RequestedBy, id, digest).AskAsync(control.Cancelled), RunStatus.WaitingForApproval,
            no: answer => answer.Decision == ApprovalDecision.Approved ? null : answer.Detail);
        if (outcome.Decision == ApprovalDecision.Approved) approved = digest;
        if (outcome.Decision is ApprovalDecision.Approved or ApprovalDecision.Cancelled) return null;
        var failure = new RunFailure(StepNames.Approve, outcome.Decision == ApprovalDecision.Rejected ? ApprovalCodes.Rejected : ApprovalCodes.Expired, outcome.Detail);
        run.Refuse(StepNames.Approve, failure);
        return new Ending(RunStatus.Rejected, Undo: true, failure);
    }

    private async Task<Ending> CutOverAndWatchAsync(PlanSummary plan)
    {
        var order = new CutOverInput(hold, input.Slot, plan.HostName, slotHostName, plan.HealthCheckPath, plan.DeploymentId, data, input.Outline.WritePauseLimit);
        var before = await context.CallActivityAsync<SiteTraffic>(nameof(ReadTraffic), new TrafficOrder(input.Site, Later(input.RequestedAt, run.Now.AddHours(-1)), run.Now), Retry.Standard);
        prober.Start(plan.HostName, plan.HealthCheckPath);
        try
        {
            return await CutOverAndWatchAsync(plan, order, before);
        }
        finally
        {
            await prober.StopAsync();
        }
    }

    private async Task<Ending> CutOverAndWatchAsync(PlanSummary plan, CutOverInput order, SiteTraffic before)
    {
        var cutOver = await CutOverAsync(plan, order);
        if (cutOver.Swapped is not { } swapped)
            return cutOver.Stopped is { Choice: DecisionChoice.Abort } stopped ? Aborted(StepNames.CutOver, stopped) : (await StoppedAsync())!;
        run.Figures = run.Figures with { WritePauseMs = (long?)swapped.WritePause?.TotalMilliseconds };
        prober.Swapped(swapped.SwappedAt);
        await run.TellAsync("swapped", $"{order.HostName} serves the new version");
        if (control.Cancelled.IsCompleted) await run.AuditAsync((await control.Cancelled).Person, "cancelTooLate", "the swap had begun; the way back is a rollback");

        var way = OpenWay(order, swapped);
        var watched = await WatchAsync(plan, swapped, before, way);
        Measure(before, watched.Watched?.After);
        if (watched is { Status: RunStatus.Succeeded, Watched: { Outcome: not GateOutcome.Failed } seen })
            await Alerting.EnsureAsync(context, run, new AlertOrder(hold, input.Outline.Watch, before, seen.After));
        if (watched.Status == RunStatus.Failed && way is not null) await way.CloseAsync();
        return new Ending(watched.Status, Undo: false, watched.Failure)
        {
            Before = before, After = watched.Watched?.After, Watch = watched.Watched, Kept = watched.Status == RunStatus.RolledBack ? way!.Kept : [], WayBack = watched.Status == RunStatus.Succeeded ? way : null,
        };
    }

    private Task<CutOverOutcome> CutOverAsync(PlanSummary plan, CutOverInput order)
    {
        var terms = new CutOverTerms(
            verified.At + input.Outline.VerifyStaleAfter, approved, Digests.Of(plan.Digest, verified.Digest), wayBackTried, input.Outline.Window, plan.ChangeDuration);
        var step = new CutOverStep(context, run, control, inbox, saga);
        return run.StepAsync(
            StepNames.CutOver, () => step.RunAsync(new PrepareInput(order, terms, Round: 0, plan.Objects, plan.Bytes), input.Outline.Traffic),
            no: outcome => outcome.Swapped is null ? outcome.Stopped?.Detail ?? "cancelled before the swap" : null);
    }

    /// <summary>Null where going back would lose what was written to the new side.</summary>
    private OpenWayBack? OpenWay(CutOverInput order, SwapOverResult swapped) => data.Any(set => !set.Reverse)
        ? null
        : new OpenWayBack(
            context, run, control, new GoBackStep(context, run, inbox), new GoBackInput(order, swapped.Sides), run.Now + input.Outline.Watch.Duration + input.Outline.RollbackExpiresAfter);

    private Task<WatchOutcome> WatchAsync(PlanSummary plan, SwapOverResult swapped, SiteTraffic before, OpenWayBack? way) => run.StepAsync(
        StepNames.Watch,
        () => new WatchStep(context, run, inbox).RunAsync(new WatchInput(input.Id, input.Site, plan.HostName, input.Outline.Watch, swapped.ResumedAt ?? swapped.SwappedAt, before), way),
        RunStatus.Watching,
        no: outcome => outcome.Failure?.Detail ?? (outcome.Status == RunStatus.RolledBack ? "somebody went back" : null));

    private void Measure(SiteTraffic before, SiteTraffic? after) => run.Figures = run.Figures with
    {
        Requests = (long?)after?.Requests, FailedRequests = (long?)after?.Http5xx,
        ErrorRateBefore = before.ErrorRate, ResponseTimeMsBefore = before.ResponseSeconds * 1000,
        ErrorRateAfter = after?.ErrorRate, ResponseTimeMsAfter = after?.ResponseSeconds * 1000,
    };

    /// <summary>Waits while the run is paused; an ending where it was cancelled.</summary>
    private async Task<Ending?> StoppedAsync()
    {
        await control.GoOnAsync();
        if (!control.Cancelled.IsCompleted) return null;
        var request = await control.Cancelled;
        await run.AuditAsync(request.Person, "cancelled", request.Reason);
        return new Ending(RunStatus.Cancelled, Undo: true, new RunFailure(run.Step, ApprovalCodes.Cancelled, $"{request.Person} cancelled it: {request.Reason}"));
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private SubOrchestrationOptions Child(string name) => new(instanceId: $"{input.Id}:{name}");
}
