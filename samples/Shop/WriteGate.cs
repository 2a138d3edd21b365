namespace Shop;

/// <summary>Lets writes in, or keeps them out while the shop is read-only.</summary>
internal sealed class WriteGate
{
    private readonly Lock _lock = new();
    private int _inFlight;
    private TaskCompletionSource _drained = Finished();

    public bool IsReadOnly { get; private set; }

    /// <summary>False while read-only. After true the caller must <see cref="Leave"/> once its write has ended.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (IsReadOnly)
            {
                return false;
            }

            if (_inFlight++ == 0)
            {
                _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return true;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_inFlight == 0)
            {
                _drained.SetResult();
            }
        }
    }

    /// <summary>Keeps new writes out at once, and returns when those that were let in before have ended.</summary>
    public Task CloseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            IsReadOnly = true;
            return _drained.Task.WaitAsync(cancellationToken);
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            IsReadOnly = false;
        }
    }

    private static TaskCompletionSource Finished()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
