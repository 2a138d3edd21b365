using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>Logs nothing while the orchestrator replays, so that each line is written once.</summary>
internal sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !context.IsReplaying && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!context.IsReplaying)
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}

internal sealed class ReplaySafeLoggerFactory(TaskOrchestrationContext context, Func<ILoggerFactory> inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new ReplaySafeLogger(context, inner().CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Providers are added to the application's logger factory.");

    public void Dispose()
    {
        // The application's factory is not owned here.
    }
}
