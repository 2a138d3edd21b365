using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>Keeps what the category "test" logs.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();

    public IEnumerable<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Category(line =>
    {
        if (categoryName == "test")
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
