namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>
/// Of the things that were under way at many crashes one runs at a time, be it an activity or a turn: so the one that ends
/// the process is blamed alone, and the innocent get through.
/// </summary>
internal sealed class SuspectGate(int limit) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);

    /// <summary>An activity is suspect after half of its deliveries, since it may be long and hold up the others.</summary>
    /// <returns>To be disposed when it has ended.</returns>
    public Task<IDisposable?> EnterActivityAsync(int deliveries, CancellationToken cancellation) => EnterAsync(deliveries > limit / 2, cancellation);

    /// <summary>A turn is short: it is suspect when it has been begun once before.</summary>
    /// <inheritdoc cref="EnterActivityAsync"/>
    public Task<IDisposable?> EnterTurnAsync(int deliveries, CancellationToken cancellation) => EnterAsync(deliveries > 0, cancellation);

    public void Dispose() => one.Dispose();

    private async Task<IDisposable?> EnterAsync(bool isSuspect, CancellationToken cancellation)
    {
        if (!isSuspect)
            return null;
        await one.WaitAsync(cancellation);
        return new Place(one);
    }

    private sealed class Place(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
