using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Notifications;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Migrations;

/// <summary>What the world sees of a run while its orchestrator works: steps, status and figures in the custom status, facts in the audit log.</summary>
internal sealed class RunProgress(TaskOrchestrationContext context, MigrationInput input)
{
    private readonly Dictionary<string, StepState> steps = StepNames.All.ToDictionary(n => n, n => new StepState(n, StepStatus.Pending), StringComparer.Ordinal);
    private readonly ILogger logger = context.CreateReplaySafeLogger(typeof(MigrationOrchestrator));
    private string status = RunStatus.Running;
    private bool isPaused;
    private bool isPostponed;
    private CutOverState? cutOver;
    private RollbackState? rollback;
    private PendingApproval? pending;
    private PendingDecision? decision;
    private RunFailure? failure;
    private IReadOnlyList<LeftBehind>? left;
    private int told;

    /// <summary>Where people look what to do; null where the spec names nothing.</summary>
    public string? Runbook => input.Outline.Runbook;

    public Figures Figures { get; set; } = new();

    /// <summary>Null until there is one.</summary>
    public VerificationState? Verification { get; set; }

    /// <summary>The snapshot, once it is taken.</summary>
    public SnapshotResult? Snapshot { get; set; }

    /// <summary>When production was first touched by a swap; null before that.</summary>
    public DateTimeOffset? SwapBegan { get; private set; }

    /// <summary>Past the point of no return, or it is not known whether: a failure from here on is an incident, nothing is undone by itself.</summary>
    public bool PastReturn { get; set; }

    /// <summary>The step under way, or the last one that was.</summary>
    public string Step { get; private set; } = StepNames.Plan;

    public DateTimeOffset Now => new(context.CurrentUtcDateTime, TimeSpan.Zero);

    public RunState State => new(
        isPaused && !RunStatus.IsEnd(status) && status != RunStatus.Compensating ? RunStatus.Paused : status, [.. StepNames.All.Select(n => steps[n])], pending, decision, Figures, failure, Now,
        Verification, cutOver, rollback, isPostponed ? true : null, left);

    /// <summary>Runs a step under its name: shown as running, then as succeeded or failed, and audited. A step may run again.</summary>
    /// <param name="no">What a result says no with; null where it says yes. A no is no failure of the step's work, but the step did not succeed.</param>
    public async Task<T> StepAsync<T>(string name, Func<Task<T>> work, string shownAs = RunStatus.Running, Func<T, string?>? no = null)
    {
        Step = name;
        var began = Now;
        steps[name] = new StepState(name, StepStatus.Running, steps[name].StartedAt ?? began);
        Show(shownAs);
        await AuditAsync("orchestrator", "stepStarted", name);
        try
        {
            var result = await work();
            var refused = no?.Invoke(result);
            End(name, refused is null ? StepStatus.Succeeded : StepStatus.Failed, began);
            await TellAsync(refused is null ? "stepSucceeded" : "stepRefused", refused is null ? name : $"{name}: {refused}");
            Show(RunStatus.Running);
            return result;
        }
        catch (Exception cause)
        {
            var (code, detail) = FailureCode.Explain(cause);
            End(name, StepStatus.Failed, began);
            await TellAsync("stepFailed", $"{name}: {code}: {detail}");
            throw;
        }
    }

    private void End(string name, string how, DateTimeOffset began)
    {
        steps[name] = steps[name] with { Status = how, EndedAt = Now };
        logger.StepEnded(input.Id, name, how, (long)(Now - began).TotalMilliseconds);
    }

    public Task StepAsync(string name, Func<Task> work, string shownAs = RunStatus.Running) =>
        StepAsync(name, async () => { await work(); return true; }, shownAs);

    public void Show(string shown)
    {
        status = shown;
        context.SetCustomStatus(State);
    }

    /// <summary>Shows what somebody wants of the run: that it stops, or that its swap waits.</summary>
    public void Hold(bool paused, bool postponed)
    {
        (isPaused, isPostponed) = (paused, postponed);
        Show(status);
    }

    /// <summary>Shows where the cut-over stands; null: it is over.</summary>
    public void Show(CutOverState? state)
    {
        cutOver = state is null ? null : state with { Since = Now };
        if (state?.Phase == CutOverPhase.Swapping) SwapBegan ??= Now;
        Show(status);
    }

    /// <summary>Shows that the way back is open; null: it is closed.</summary>
    public void Show(RollbackState? state)
    {
        rollback = state;
        Show(status);
    }

    public void Ask(PendingApproval? question)
    {
        pending = question;
        Show(question is null ? RunStatus.Running : RunStatus.WaitingForApproval);
    }

    /// <summary>Shows that the run waits for a person to decide; null: it goes on.</summary>
    public void StopAt(PendingDecision? question)
    {
        decision = question;
        Show(question is null ? RunStatus.Running : RunStatus.WaitingForDecision);
    }

    /// <summary>A step that ended as a no: rejected, or blocked.</summary>
    public void Refuse(string step, RunFailure why)
    {
        steps[step] = steps[step] with { Status = StepStatus.Failed, EndedAt = Now };
        failure = why;
    }

    public void Fail(RunFailure why) => failure = why;

    /// <summary>Shows what could not be undone, as much of it as a status holds.</summary>
    public void Leave(IReadOnlyList<LeftBehind> behind) => left = LeftBehind.InShort(behind);

    /// <summary>Shows how the run ended. A run that is gone back from ends twice.</summary>
    /// <param name="leftBehind">What nobody has undone.</param>
    public void End(string ended, int leftBehind)
    {
        Show(ended);
        logger.RunEnded(input.Id, ended, Figures.DurationMs, leftBehind, Figures.WritePauseMs, Figures.DowntimeMs, Figures.FailedProbes, failure?.Code);
    }

    /// <summary>The run has ended: what never began is skipped; what was done and then undone is shown so.</summary>
    public void Close(bool undone)
    {
        foreach (var (name, step) in steps.ToList())
        {
            if (step.Status == StepStatus.Pending) steps[name] = step with { Status = StepStatus.Skipped };
            else if (undone && step.Status == StepStatus.Succeeded && name is StepNames.Provision or StepNames.Sync) steps[name] = step with { Status = StepStatus.Undone };
        }
    }

    /// <summary>How many facts the audit log lacks because it could not be written: it must not decide over a migration, and the report says so.</summary>
    public int Unaudited { get; private set; }

    public async Task AuditAsync(string actor, string action, string detail)
    {
        try
        {
            var entry = new AuditEntry($"{context.InstanceId}:{++told}", Now, actor, action, detail);
            await context.CallActivityAsync(nameof(AppendAudit), new AuditOrder(input.Id, entry), Retry.Standard);
        }
        catch (TaskFailedException)
        {
            Unaudited++;
        }
    }

    /// <summary>Writes a fact into the audit log and sends it to everybody whom the spec names.</summary>
    /// <param name="asked">What a person is to decide, where that is the event.</param>
    public async Task TellAsync(string what, string detail, PendingDecision? asked = null)
    {
        await AuditAsync("orchestrator", what, detail);
        if (!input.Outline.Notifies) return;
        try
        {
            await context.CallActivityAsync(nameof(SendNotifications), new NotificationOrder(input.Id, $"{context.InstanceId}:{told}", what, detail, Now, asked), Retry.Standard);
        }
        catch (TaskFailedException unsent)
        {
            // A receiver that is down must not stop a migration; the log says that it was not told.
            var (code, why) = FailureCode.Explain(unsent);
            logger.NotTold(input.Id, what, code);
            await AuditAsync("orchestrator", "notificationFailed", why);
        }
    }
}
