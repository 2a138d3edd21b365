using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>One delivery of an activity, queued or running.</summary>
internal sealed class ActivityRun(ActivityRow row, bool recovered, EngineScheduling scheduling) : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private volatile bool abandoned;
    private volatile bool begun;

    public ActivityRow Row { get; set; } = row;

    public bool Recovered { get; } = recovered;

    /// <summary>The application's code has been called.</summary>
    public bool HasBegun
    {
        get => begun;
        set => begun = value;
    }

    /// <summary>Nobody takes the outcome any more.</summary>
    public bool IsAbandoned => abandoned;

    public CancellationToken Cancellation => source.Token;

    public void Abandon()
    {
        abandoned = true;
        // On another thread: what user code has registered must not hold up the commits.
        scheduling.Start(static run => run.Cancel(), this);
    }

    private void Cancel()
    {
        try
        {
            source.Cancel();
        }
        catch (Exception nobodys) when (nobodys is ObjectDisposedException or AggregateException)
        {
            // It has ended in the meantime, or what user code has registered has thrown: nobody waits for either.
        }
    }

    public void Dispose() => source.Dispose();
}
