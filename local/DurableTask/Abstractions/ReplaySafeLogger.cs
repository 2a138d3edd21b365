using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>Logs nothing while the orchestrator replays, so that each line is written once.</summary>
internal sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !context.IsReplayingNow && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!context.IsReplayingNow)
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}

internal sealed class ReplaySafeLoggerFactory(TaskOrchestrationContext context, Func<ILoggerFactory> inner) : ILoggerFactory
{
    private const int MaxDepth = 10;

    public ILogger CreateLogger(string categoryName) => new ReplaySafeLogger(context, Unwrapped().CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Adding a provider to a replay-safe logger factory is not supported: add it to the application's.");

    public void Dispose()
    {
        // The application's factory is not owned here.
    }

    /// <summary>A context that wraps another may hand on its replay-safe factory: one asks whether it replays, not each.</summary>
    private ILoggerFactory Unwrapped()
    {
        var found = inner();
        for (var depth = 0; found is ReplaySafeLoggerFactory wrapped; depth++)
        {
            if (depth == MaxDepth)
                throw new InvalidOperationException("Maximum unwrap depth exceeded: a context's logger factory must not be its own replay-safe one.");
            found = wrapped.Inner();
        }
        return found;
    }

    private ILoggerFactory Inner() => inner();
}
