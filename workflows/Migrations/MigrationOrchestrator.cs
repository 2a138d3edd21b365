using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Reporting;
using Orchestrator.Workflows.Watching;
using Orchestrator.Workflows.WayBack;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// One migration from plan to report. A step that fails before the point of no return undoes the finished ones, newest first;
/// whatever happens, the site is given free and the report is made.
/// </summary>
public static class MigrationOrchestrator
{
    [Function(nameof(MigrationOrchestrator))]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, MigrationInput input)
    {
        var run = new RunProgress(context, input);
        var saga = new Saga(context);
        var control = new RunControl(context, run);
        control.Listen();

        await run.AuditAsync(input.RequestedBy, "requested", input.Reason ?? "no reason given");
        var ending = await ForwardAsync(context, input, run, control, saga);
        if (ending.Failure is { } failure) run.Fail(failure);

        var left = await CompensateAsync(run, saga, ending);
        if (left.Count > 0) ending = ending with { Status = RunStatus.Failed };
        run.Close(undone: ending.Undo && left.Count == 0);
        await ReleaseAsync(context, input, run);
        await ReportAsync(context, input, run, ending, left);

        run.End(ending.Status, left.Count);
        return ending.WayBack is { } way ? await KeepWayBackAsync(context, input, run, ending, way) : ending.Status;
    }

    /// <summary>The run has succeeded; until the way back expires somebody may still go it.</summary>
    private static async Task<string> KeepWayBackAsync(TaskOrchestrationContext context, MigrationInput input, RunProgress run, Ending ending, OpenWayBack way)
    {
        while (true)
        {
            using var over = new CancellationTokenSource();
            var expiry = context.CreateTimer(way.ExpiresAt.UtcDateTime, over.Token);
            if (await Task.WhenAny(way.Asked, expiry) == expiry) break;
            over.Cancel();
            try
            {
                if (await GoBackAsync(context, input, run, way) is not { } kept) continue;
                ending = ending with { Status = RunStatus.RolledBack, Kept = kept };
            }
            catch (PermanentFailureException doubt)
            {
                // It is not known which side is live, and a person gave it up.
                run.Fail(new RunFailure(StepNames.Watch, doubt.Code, FailureCode.Explain(doubt).Detail));
                ending = ending with { Status = RunStatus.Failed };
                await way.CloseAsync();
                await ReleaseAsync(context, input, run);
            }

            await ReportAsync(context, input, run, ending, []);
            run.End(ending.Status, leftBehind: 0);
            return ending.Status;
        }

        await way.CloseAsync();
        await run.TellAsync("wayBackClosed", "the time in which the run can be rolled back is over");
        run.Show(ending.Status);
        return ending.Status;
    }

    /// <returns>What is kept on purpose; null where production still runs the new version.</returns>
    private static async Task<IReadOnlyList<LeftBehind>?> GoBackAsync(TaskOrchestrationContext context, MigrationInput input, RunProgress run, OpenWayBack way)
    {
        try
        {
            var hold = await context.CallActivityAsync<SiteHold>(nameof(AcquireSite), new SiteRef(input.Id, input.Site), Retry.Standard);
            run.Show(RunStatus.Compensating);
            var refused = await way.GoAsync(isUrgent: false, hold);
            if (refused is null) await Alerting.RemoveAsync(context, run, hold, input.Outline.Watch);
            await ReleaseAsync(context, input, run);
            if (refused is null) return way.Kept;
        }
        catch (TaskFailedException taken)
        {
            var (code, detail) = FailureCode.Explain(taken);
            await way.Refuse(new Refusal(code, detail));
        }

        run.Show(RunStatus.Succeeded);
        return null;
    }

    private static async Task<Ending> ForwardAsync(
        TaskOrchestrationContext context, MigrationInput input, RunProgress run, RunControl control, Saga saga)
    {
        try
        {
            return await new MigrationSteps(context, input, run, control, saga).RunAsync();
        }
        catch (Exception cause)
        {
            var (code, detail) = FailureCode.Explain(cause);
            return new Ending(run.PastReturn ? RunStatus.Failed : RunStatus.Compensated, Undo: !run.PastReturn, new RunFailure(run.Step, code, detail));
        }
    }

    private static async Task<IReadOnlyList<LeftBehind>> CompensateAsync(RunProgress run, Saga saga, Ending ending)
    {
        if (!ending.Undo) return [];
        run.Show(RunStatus.Compensating);
        var left = await saga.CompensateAsync();
        run.Leave(left);
        await run.TellAsync(left.Count == 0 ? "undone" : "undoIncomplete", left.Count == 0 ? "everything was undone" : string.Join("; ", left.Select(l => $"{l.Undo}: {l.Code}: {l.Detail}")));
        return left;
    }

    private static async Task ReleaseAsync(TaskOrchestrationContext context, MigrationInput input, RunProgress run)
    {
        try
        {
            await context.CallActivityAsync(nameof(ReleaseSite), new SiteRef(input.Id, input.Site), Retry.Patient);
        }
        catch (TaskFailedException failure)
        {
            await run.AuditAsync("orchestrator", "siteNotReleased", FailureCode.Explain(failure).Detail);
        }
    }

    private static IEnumerable<LeftBehind> Missing(RunProgress run) =>
        run.Unaudited == 0 ? [] : [new LeftBehind(nameof(AppendAudit), FailureCode.Unexpected, $"{run.Unaudited} facts are missing from the audit log, which could not be written")];

    private static async Task ReportAsync(TaskOrchestrationContext context, MigrationInput input, RunProgress run, Ending ending, IReadOnlyList<LeftBehind> left)
    {
        run.Figures = run.Figures with { DurationMs = (long)(run.Now - input.RequestedAt).TotalMilliseconds };
        try
        {
            await run.TellAsync("ended", ending.Status);
            await run.StepAsync(StepNames.Report, () => context.CallActivityAsync(
                nameof(MakeReport), new ReportOrder(input.Id, ending.Status, run.State, ending.Before, ending.After, ending.Watch, [.. left, .. ending.Kept, .. Missing(run)], input.RequestedBy, input.RequestedAt, run.Snapshot), Retry.Standard));
        }
        catch (TaskFailedException failure)
        {
            // The migration itself stands as it ended; that its report is missing is shown on the report step.
            var (code, detail) = FailureCode.Explain(failure);
            await run.AuditAsync("orchestrator", "reportFailed", $"{code}: {detail}");
        }
    }
}
