using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Puts a run together from what the engine knows: the input it began with, the status it set, the progress of the step that runs, and how fast it may copy.</summary>
public sealed class RunReader(ProgressReader progress, ThrottleReader throttles, PastRuns past)
{
    private static readonly Figures Nothing = new();

    /// <exception cref="ProblemException">There is no such run, or the engine knows it no longer.</exception>
    public async Task<Run> GetAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await LookUpAsync(client, id, cancellationToken) ?? throw NoSuchRun();

    /// <returns>Null when there never was such a run.</returns>
    /// <exception cref="ProblemException">There was one, and the engine knows it no longer.</exception>
    public async Task<Run?> LookUpAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        var (run, left) = await SeekAsync(client, id, cancellationToken);
        return left is null ? run : throw left.Forgotten();
    }

    /// <summary>For whoever asks for a document, which outlives what the engine knows of its run.</summary>
    /// <returns>What is left of a run that the engine knows no longer; null of one that it knows.</returns>
    /// <exception cref="ProblemException">There never was such a run.</exception>
    public async Task<PastRun?> DemandAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        var (run, left) = await SeekAsync(client, id, cancellationToken);
        return run is null && left is null ? throw NoSuchRun() : left;
    }

    /// <returns>The run that the engine knows; where it knows none, what is left of one that it has forgotten; neither where there never was one.</returns>
    public async Task<(Run? Run, PastRun? Left)> SeekAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(client, id, cancellationToken) is { } known)
            return (known, null);
        if (await past.FindAsync(id, cancellationToken) is not { } left)
            return (null, null);
        // Asked once more: a run that has only just begun was scheduled before it left anything.
        return await FindAsync(client, id, cancellationToken) is { } begun ? (begun, null) : (null, left);
    }

    /// <returns>Null when the engine knows no such run. The instances of a run's steps are no runs.</returns>
    public async Task<Run?> FindAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        if (!SpecReader.IsId(id) || await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is not { } instance)
            return null;
        return Read(instance) is { } run ? await WithDocumentsAsync(client, run, cancellationToken) : null;
    }

    /// <returns>Null where the instance is no migration's.</returns>
    public Run? Read(OrchestrationMetadata instance)
    {
        if (instance.Name != MigrationInput.Orchestrator || !SpecReader.IsId(instance.InstanceId) || instance.ReadInputAs<MigrationInput>() is not { } input)
            return null;
        var state = instance.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<RunState>();
        var view = RunView.Accepted(input) with
        {
            CreatedAt = instance.CreatedAt,
            UpdatedAt = state?.UpdatedAt ?? instance.LastUpdatedAt,
            Status = state?.Status ?? RunStatus.Pending,
            Steps = state?.Steps ?? [],
            PendingApproval = state?.PendingApproval,
            PendingDecision = state?.PendingDecision,
            Verification = state?.Verification,
            Figures = state?.Figures == Nothing ? null : state?.Figures,
            Failure = state?.Failure,
            CutOver = state?.CutOver,
            Rollback = state?.Rollback,
            Postponed = state?.Postponed,
            LeftBehind = state?.LeftBehind,
        };
        return new Run(input, Judge(instance, view));
    }

    // What the orchestrator said last may not be where it ended: it can be stopped from outside, or break.
    private static RunView Judge(OrchestrationMetadata instance, RunView view)
    {
        if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended && !RunStatus.IsEnd(view.Status))
            return view with { Status = RunStatus.Paused };
        if (!instance.IsCompleted || RunStatus.IsEnd(view.Status))
            return view;

        var step = view.Steps.FirstOrDefault(step => step.Status == StepStatus.Running)?.Name ?? StepNames.Plan;
        var code = FailureCode.Read(instance.FailureDetails) ?? FailureCode.Unexpected;
        var detail = instance.RuntimeStatus == OrchestrationRuntimeStatus.Terminated
            ? "The run was stopped from outside; nothing was undone."
            : "The orchestrator itself ended without a result; what is undone and what is not must be looked up in the audit log.";
        return view with { Status = RunStatus.Failed, PendingApproval = null, PendingDecision = null, UpdatedAt = instance.LastUpdatedAt, Failure = new RunFailure(step, code, detail) };
    }

    private static ProblemException NoSuchRun() => new(ProblemKind.NoSuchRun, "No migration has this id.");

    private async Task<Run> WithDocumentsAsync(DurableTaskClient client, Run run, CancellationToken cancellationToken)
    {
        var steps = run.View.Steps.ToList();
        for (var index = 0; index < steps.Count; index++)
        {
            if (steps[index] is { Status: StepStatus.Running, Progress: null } step)
                steps[index] = step with { Progress = await progress.ReadAsync(client, run.View.Id, step.Name, cancellationToken) };
        }

        var throttle = RunStatus.IsEnd(run.View.Status) ? null : await throttles.ReadAsync(run.View.Id, cancellationToken);
        return run with { View = run.View with { Steps = steps, Throttle = throttle } };
    }
}

/// <param name="Input">What the run began with: its rules.</param>
/// <param name="View">What the API shows of it.</param>
public sealed record Run(MigrationInput Input, RunView View);
