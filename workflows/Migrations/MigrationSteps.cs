using Microsoft.DurableTask;
using Orchestrator.Workflows.Approvals;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;
using Orchestrator.Workflows.Waiting;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The steps of a migration in their order: the way forward, read like the runbook. Every step's undo is on the saga before the step begins.</summary>
internal sealed class MigrationSteps(TaskOrchestrationContext context, MigrationInput input, RunProgress run, Saga saga, Task<CancelRequest> cancelled)
{
    /// <summary>So often a verification is made, at most, that goes stale while the window is waited for.</summary>
    private const int MostUnasked = 3;

    private readonly IReadOnlyList<DataSet> data = [.. input.Outline.Data.Select(d => new DataSet(d.Name, d.Source, d.Target, d.MaxLag, d.Reverse, d.Kind))];
    private readonly DecisionInbox inbox = new(context);
    private SiteHold hold = new(input.Id, input.Site, Fence: 0);
    private string slotHostName = "";
    private VerifyResult verified = null!;
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
        if (await CancelledAsync() is { } early) return early;

        await SnapshotAsync(plan);
        if (await CancelledAsync() is { } afterSnapshot) return afterSnapshot;
        await ProvisionAsync(plan);
        if (await CancelledAsync() is { } afterProvision) return afterProvision;
        if (await SyncAsync(plan) is { } aborted) return aborted;
        if (await CancelledAsync() is { } afterSync) return afterSync;

        await VerifyAsync(plan);
        if (input.Mode == MigrationMode.Rehearse) return new Ending(RunStatus.Rehearsed, Undo: true);
        if (await ApproveAsync(plan) is { } refused) return refused;
        if (await CancelledAsync() is { } last) return last;

        return await CutOverAndWatchAsync(plan);
    }

    private Task<PlanSummary> PlanAsync() => run.StepAsync(StepNames.Plan, async () =>
    {
        if (input.Mode != MigrationMode.Plan && hold.Fence == 0) hold = await context.CallActivityAsync<SiteHold>(nameof(AcquireSite), new SiteRef(input.Id, input.Site), Retry.Standard);
        var counts = await Task.WhenAll(data.Select(CountAsync));
        return await context.CallActivityAsync<PlanSummary>(nameof(MakePlan), new PlanOrder(input.Id, counts), Retry.Standard);
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
        await run.StepAsync(StepNames.Wait, () => WindowWait.RunAsync(context, input, plan.ChangeDuration, cancelled), RunStatus.WaitingForWindow);
        return context.CurrentUtcDateTime - began > TimeSpan.FromMinutes(15) && !cancelled.IsCompleted ? await PlanAsync() : null;
    }

    // Copying and thinking take time: the window may have closed, or a freeze begun.
    private Task WaitAgainAsync(PlanSummary plan) => input.Outline.Window is null
        ? Task.CompletedTask
        : run.StepAsync(StepNames.Wait, () => WindowWait.RunAsync(context, input, plan.ChangeDuration, cancelled), RunStatus.WaitingForWindow);

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
            StepNames.Sync, () => new SyncStep(context, run, inbox, cancelled).RunAsync(new SyncInput(input.Id, [.. data], plan.Objects, plan.Bytes)), no: outcome => outcome?.Detail);
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
            if (cancelled.IsCompleted) return null;
            await WaitAgainAsync(plan);
            var isStale = run.Now - verified.At > input.Outline.VerifyStaleAfter;
            // Where nobody is asked, nobody ends this: the cut-over refuses what is stale still.
            if (cancelled.IsCompleted || !isStale || (input.Outline.Approval is null && round >= MostUnasked)) return null;
            await VerifyAsync(plan);
        }
    }

    private async Task<Ending?> AskAsync(PlanSummary plan, ApprovalSpec approval)
    {
        var (id, digest) = ($"{input.Id}.{round}", Digests.Of(plan.Digest, verified.Digest));
        var outcome = await run.StepAsync(
            StepNames.Approve, () => new ApprovalQuestion(context, run, approval, input.RequestedBy, id, digest).AskAsync(cancelled), RunStatus.WaitingForApproval,
            no: answer => answer.Decision == ApprovalDecision.Approved ? null : answer.Detail);
        if (outcome.Decision is ApprovalDecision.Approved or ApprovalDecision.Cancelled) return null;
        var failure = new RunFailure(StepNames.Approve, outcome.Decision == ApprovalDecision.Rejected ? ApprovalCodes.Rejected : ApprovalCodes.Expired, outcome.Detail);
        run.Refuse(StepNames.Approve, failure);
        return new Ending(RunStatus.Rejected, Undo: true, failure);
    }

    private async Task<Ending> CutOverAndWatchAsync(PlanSummary plan)
    {
        var order = new CutOverInput(
            hold, input.Slot, plan.HostName, slotHostName, plan.HealthCheckPath, plan.DeploymentId, data, input.Outline.WritePauseLimit,
            verified.At + input.Outline.VerifyStaleAfter);
        var before = await context.CallActivityAsync<SiteTraffic>(nameof(ReadTraffic), new TrafficOrder(input.Site, Later(input.RequestedAt, run.Now.AddHours(-1)), run.Now), Retry.Standard);
        var cutOver = await CutOverAsync(order);
        run.Figures = run.Figures with { WritePauseMs = (long?)cutOver.WritePause?.TotalMilliseconds };
        await run.TellAsync("swapped", $"{order.HostName} serves the new version");

        var watched = await run.StepAsync(StepNames.Watch, () => context.CallSubOrchestratorAsync<WatchResult>(
            nameof(WatchOrchestrator), new WatchInput(input.Id, input.Site, plan.HostName, input.Outline.Watch, cutOver.SwappedAt, before), Child(StepNames.Watch)), RunStatus.Watching,
            no: seen => seen.Fault);
        run.Figures = run.Figures with
        {
            Requests = (long?)watched.After?.Requests, FailedRequests = (long?)watched.After?.Http5xx,
            ErrorRateBefore = before.ErrorRate, ResponseTimeMsBefore = before.ResponseSeconds * 1000,
            ErrorRateAfter = watched.After?.ErrorRate, ResponseTimeMsAfter = watched.After?.ResponseSeconds * 1000,
        };
        var ending = new Ending(RunStatus.Succeeded, Undo: false) { Before = before, After = watched.After, Watch = watched };
        return watched.Outcome == GateOutcome.Failed ? await GoBackAsync(order, cutOver, watched, ending) : ending;
    }

    /// <summary>A cut-over that failed may still have swapped: then nothing must be undone, and a person has to look.</summary>
    private Task<CutOverResult> CutOverAsync(CutOverInput order) => run.StepAsync(StepNames.CutOver, async () =>
    {
        // Until it is known otherwise: a failure of anything that follows, and be it of the log, must not undo what is live.
        run.PastReturn = true;
        try
        {
            return await context.CallSubOrchestratorAsync<CutOverResult>(nameof(CutOverOrchestrator), order, Child(StepNames.CutOver));
        }
        catch (TaskFailedException)
        {
            run.PastReturn = await context.CallActivityAsync<LiveSide>(nameof(ReadProductionSide), order, Retry.Patient) != LiveSide.Old;
            throw;
        }
    });

    private async Task<Ending> GoBackAsync(CutOverInput order, CutOverResult cutOver, WatchResult watched, Ending ending)
    {
        var failure = new RunFailure(StepNames.Watch, WatchCodes.GateFailed, watched.Fault ?? "a gate failed");
        run.Refuse(StepNames.Watch, failure);
        if (data.FirstOrDefault(d => !d.Reverse) is { } oneWay)
            return ending with { Status = RunStatus.Failed, Failure = new RunFailure(StepNames.Watch, WatchCodes.WayBackFailed, $"{failure.Detail}; {oneWay.Name} is not copied back (reverse: false), so a person decides whether to go back without its newer writes") };
        await run.TellAsync("goingBack", failure.Detail);
        try
        {
            var back = await context.CallSubOrchestratorAsync<GoBackResult>(nameof(GoBackOrchestrator), new GoBackInput(order, cutOver.Sides), Child("goBack"));
            await run.TellAsync("wentBack", $"{order.HostName} serves the old version again; {back.ObjectsCopiedBack} objects were copied back");
            IReadOnlyList<LeftBehind> kept = [new("RemoveSlot", failure.Code, $"the slot {input.Slot} with the new version is kept for a look"), .. data.Select(d => new LeftBehind("RemoveTargetContainer", failure.Code, $"{d.Target} is kept: customers wrote to it"))];
            return ending with { Status = RunStatus.RolledBack, Failure = failure, Kept = kept };
        }
        catch (TaskFailedException stuck)
        {
            var (code, detail) = FailureCode.Explain(stuck);
            return ending with { Status = RunStatus.Failed, Failure = new RunFailure(StepNames.Watch, WatchCodes.WayBackFailed, $"{failure.Detail}; and the way back failed: {code}: {detail}") };
        }
    }

    private async Task<Ending?> CancelledAsync()
    {
        if (!cancelled.IsCompleted) return null;
        var request = await cancelled;
        await run.AuditAsync(request.Person, "cancelled", request.Reason);
        return new Ending(RunStatus.Cancelled, Undo: true, new RunFailure(run.Step, ApprovalCodes.Cancelled, $"{request.Person} cancelled it: {request.Reason}"));
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private SubOrchestrationOptions Child(string name) => new(instanceId: $"{input.Id}:{name}");
}
