using Microsoft.DurableTask;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.WayBack;

/// <summary>The way back of a run, from its cut-over until it expires or is gone: the old side is kept in step, and people may ask for it.</summary>
internal sealed class OpenWayBack
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);
    private readonly TaskOrchestrationContext context;
    private readonly RunProgress run;
    private readonly RunControl control;
    private readonly GoBackStep goBack;
    private GoBackInput input;
    private Task<KeepWayBackResult>? keeping;
    private string keeper = "";
    private int keepers;

    public OpenWayBack(TaskOrchestrationContext context, RunProgress run, RunControl control, GoBackStep goBack, GoBackInput input, DateTimeOffset expiresAt)
    {
        (this.context, this.run, this.control, this.goBack, this.input, ExpiresAt) = (context, run, control, goBack, input, expiresAt);
        Keep();
        Listen(refused: null);
    }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Ends when somebody asks to go back.</summary>
    public Task<ControlRequest> Asked { get; private set; } = null!;

    /// <summary>What stays on purpose when production runs the old version again.</summary>
    public IReadOnlyList<LeftBehind> Kept =>
    [
        new("RemoveSlot", WatchCodes.Kept, $"the slot {input.CutOver.Slot} with the new version is kept for a look"),
        .. input.CutOver.Data.Select(data => new LeftBehind("RemoveTargetContainer", WatchCodes.Kept, $"{data.Target} is kept: customers wrote to it")),
    ];

    /// <returns>Null when production runs the old version again; else why it does not, and the way back stays open.</returns>
    public async Task<Refusal?> GoAsync(bool isUrgent, SiteHold? hold = null)
    {
        if (hold is not null) input = input with { CutOver = input.CutOver with { Hold = hold } };
        await StopKeepingAsync();
        var attempt = await goBack.TryAsync(input, isUrgent);
        if (attempt.Result is { } back)
        {
            Close();
            run.Figures = run.Figures with { RollbackWritePauseMs = (long?)back.WritePause?.TotalMilliseconds };
            await run.TellAsync("wentBack", $"{input.CutOver.HostName} serves the old version again; {back.Carried} objects were copied back at the end");
            return null;
        }

        await Refuse(attempt.Restored!);
        Keep();
        return attempt.Restored;
    }

    /// <summary>Tells that it cannot be gone, and goes on listening.</summary>
    public async Task Refuse(Refusal why)
    {
        Listen($"{why.Code}: {why.Detail}");
        await run.TellAsync("rollbackRefused", $"{why.Code}: {why.Detail}");
    }

    /// <summary>It is over: nobody can ask any more, and nothing is copied back.</summary>
    public async Task CloseAsync()
    {
        Close();
        await StopKeepingAsync();
    }

    private void Close()
    {
        control.CloseWayBack();
        run.Show((RollbackState?)null);
    }

    private void Listen(string? refused)
    {
        Asked = control.OpenWayBack();
        run.Show(new RollbackState(ExpiresAt, refused));
    }

    private void Keep()
    {
        if (input.CutOver.Data.Count == 0) return;
        keeper = $"{context.InstanceId}:wayBack:{++keepers}";
        keeping = context.CallSubOrchestratorAsync<KeepWayBackResult>(
            nameof(KeepWayBackOrchestrator), new KeepWayBackInput(input.CutOver.Hold.RunId, input.CutOver.Data, ExpiresAt, new KeepWayBackResult()),
            new SubOrchestrationOptions(instanceId: keeper));
    }

    /// <summary>Passes may overlap without harm: one that does not end in time is not waited for.</summary>
    private async Task StopKeepingAsync()
    {
        if (keeping is not { IsCompleted: false }) return;
        context.SendEvent(keeper, KeepWayBackOrchestrator.Stop, "");
        using var over = new CancellationTokenSource();
        await Task.WhenAny(keeping, context.CreateTimer(StopLimit, over.Token));
        over.Cancel();
    }
}
