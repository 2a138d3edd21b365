namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>
/// Of the activities that were under way at many crashes one runs at a time, and of the turns: so the one that ends the
/// process is blamed alone, and the innocent get through. No turn waits for an activity, which may be long, or wait for that
/// very turn; but an activity begins after the turns that were there before it.
/// </summary>
internal sealed class SuspectGate(int limit) : IDisposable
{
    private readonly SemaphoreSlim oneActivity = new(1);
    private readonly SemaphoreSlim oneTurn = new(1);
    private volatile bool stopped;

    /// <summary>An activity is suspect after half of its deliveries, since it may be long and hold up the others.</summary>
    /// <returns>To be disposed when it has ended.</returns>
    /// <exception cref="ObjectDisposedException">The engine stops.</exception>
    public Task<IDisposable?> EnterActivityAsync(int deliveries) => EnterAsync(oneActivity, deliveries > limit / 2);

    /// <summary>To be called before a suspect activity begins, when the turns of the start have had the time to come here.</summary>
    /// <inheritdoc cref="EnterActivityAsync" path="/exception"/>
    public async Task LetTurnsPassAsync()
    {
        using var passed = await EnterAsync(oneTurn, isSuspect: true);
    }

    /// <summary>A turn is short: it is suspect when it has been begun once before.</summary>
    /// <inheritdoc cref="EnterActivityAsync"/>
    public Task<IDisposable?> EnterTurnAsync(int deliveries) => EnterAsync(oneTurn, deliveries > 0);

    /// <summary>Sends away who waits: what is inside may be an activity that the stop has given up, and never end.</summary>
    public void Stop()
    {
        stopped = true;
        oneActivity.Release(int.MaxValue / 2);
        oneTurn.Release(int.MaxValue / 2);
    }

    public void Dispose()
    {
        oneActivity.Dispose();
        oneTurn.Dispose();
    }

    private async Task<IDisposable?> EnterAsync(SemaphoreSlim one, bool isSuspect)
    {
        if (!isSuspect)
            return null;
        await one.WaitAsync();
        ObjectDisposedException.ThrowIf(stopped, this);
        return new Place(one);
    }

    private sealed class Place(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
