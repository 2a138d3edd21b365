using Microsoft.DurableTask;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// What people want of a run while it works: pause, resume, postpone, cancel, roll back. One wait stands for each kind of event and is never cancelled, so
/// that none is lost; a wish takes effect where the run looks at it.
/// </summary>
internal sealed class RunControl(TaskOrchestrationContext context, RunProgress run)
{
    private TaskCompletionSource changed = new();
    private TaskCompletionSource<ControlRequest>? rollback;
    private bool isPaused;
    private bool isPostponed;

    public Task<CancelRequest> Cancelled { get; } = context.WaitForExternalEvent<CancelRequest>(RunEvents.Cancel);

    public bool IsPaused => isPaused;

    /// <summary>Listens for as long as the run lives.</summary>
    public void Listen() => _ = ListenAsync();

    /// <summary>Waits while the run is paused, and before the swap while that is postponed; a cancellation ends the wait.</summary>
    /// <returns>Whether there was anything to wait for.</returns>
    public async Task<bool> GoOnAsync(bool swaps = false)
    {
        var waited = false;
        while (!Cancelled.IsCompleted && (isPaused || (swaps && isPostponed)))
        {
            waited = true;
            await Task.WhenAny(changed.Task, Cancelled);
        }

        return waited;
    }

    /// <summary>From now on somebody may ask to go back; ends when somebody does.</summary>
    public Task<ControlRequest> OpenWayBack() => (rollback = new TaskCompletionSource<ControlRequest>()).Task;

    public void CloseWayBack() => rollback = null;

    private async Task ListenAsync()
    {
        while (true)
        {
            var request = await context.WaitForExternalEvent<ControlRequest>(RunEvents.Control);
            await run.AuditAsync(request.Person, Said(request.Kind), request.Reason);
            Apply(request);
        }
    }

    private void Apply(ControlRequest request)
    {
        if (request.Kind == ControlRequest.Rollback)
        {
            rollback?.TrySetResult(request);
            return;
        }

        isPaused = request.Kind == ControlRequest.Pause || (isPaused && request.Kind != ControlRequest.Resume);
        isPostponed = request.Kind == ControlRequest.Postpone || (isPostponed && request.Kind != ControlRequest.Resume);
        run.Hold(isPaused, isPostponed);
        var waiting = changed;
        changed = new TaskCompletionSource();
        waiting.SetResult();
    }

    private string Said(string kind) => kind switch
    {
        ControlRequest.Pause => "paused",
        ControlRequest.Resume => "resumed",
        ControlRequest.Postpone => "postponed",
        _ => rollback is null ? "rollbackRefused" : "rollbackAsked",
    };
}
