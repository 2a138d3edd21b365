namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>
/// An instance with the number of requests that it is serving. A request enters before it is forwarded; once the app is retired
/// nobody enters, and the instance is stopped when the last one left.
/// </summary>
internal sealed class RunningApp(ISlotInstance? instance)
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private volatile bool _retired;

    /// <summary>Null for a slot without a package: the front end shows its page.</summary>
    public ISlotInstance? Instance => instance;

    public string? Prefix { get; } = instance?.Address.GetLeftPart(UriPartial.Authority);

    public bool TryEnter()
    {
        Interlocked.Increment(ref _inside);
        if (!_retired) return true;
        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == 0 && _retired) _idle.TrySetResult();
    }

    /// <summary>Lets the requests inside end, for so long, and stops the instance.</summary>
    public async Task RetireAsync(TimeSpan drainLimit)
    {
        _retired = true;
        if (instance is null) return;
        if (Interlocked.CompareExchange(ref _inside, 0, 0) == 0) _idle.TrySetResult();
        await Task.WhenAny(_idle.Task, instance.Exited, Task.Delay(drainLimit));
        await instance.DisposeAsync();
    }
}
