namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>
/// Of the things that were under way at many crashes one runs at a time, be it an activity or a turn: so the one that ends
/// the process is blamed alone, and the innocent get through.
/// </summary>
internal sealed class SuspectGate(int limit) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private volatile bool stopped;

    /// <summary>An activity is suspect after half of its deliveries, since it may be long and hold up the others.</summary>
    /// <returns>To be disposed when it has ended.</returns>
    /// <exception cref="ObjectDisposedException">The engine stops.</exception>
    public Task<IDisposable?> EnterActivityAsync(int deliveries) => EnterAsync(deliveries > limit / 2);

    /// <summary>A turn is short: it is suspect when it has been begun once before.</summary>
    /// <inheritdoc cref="EnterActivityAsync"/>
    public Task<IDisposable?> EnterTurnAsync(int deliveries) => EnterAsync(deliveries > 0);

    /// <summary>Sends away who waits: what is inside may be an activity that the stop has given up, and never end.</summary>
    public void Stop()
    {
        stopped = true;
        one.Release(int.MaxValue / 2);
    }

    public void Dispose() => one.Dispose();

    private async Task<IDisposable?> EnterAsync(bool isSuspect)
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
