using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>Keeps what one category logs.</summary>
public sealed class LogLines(string category = "test") : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();

    public IEnumerable<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Category(line =>
    {
        if (categoryName == category)
            lines.Enqueue(line);
    });

    public void Dispose() => lines.Clear();

    private sealed class Category(Action<string> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write(formatter(state, exception));
    }
}
