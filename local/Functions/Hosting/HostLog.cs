using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>Events 9100 to 9199.</summary>
internal static partial class HostLog
{
    [LoggerMessage(9100, LogLevel.Information, "Functions: {Count} found")]
    public static partial void FunctionsFound(this ILogger logger, int count);

    [LoggerMessage(9101, LogLevel.Information, "  {Name}: {Trigger}")]
    public static partial void FunctionListed(this ILogger logger, string name, string trigger);

    [LoggerMessage(9102, LogLevel.Information, "Listening on {Address}, state in {StateFile}")]
    public static partial void Listening(this ILogger logger, string address, string stateFile);

    [LoggerMessage(9103, LogLevel.Information, "Stopping: no new work is taken, running activities have {Seconds} s to end")]
    public static partial void Stopping(this ILogger logger, int seconds);

    [LoggerMessage(9104, LogLevel.Information, "Stopped; what was left goes on at the next start")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(9110, LogLevel.Error, "The function {Name} failed")]
    public static partial void FunctionFailed(this ILogger logger, string name, Exception fault);

    [LoggerMessage(9111, LogLevel.Information, "The caller of {Name} left before the answer")]
    public static partial void CallerLeft(this ILogger logger, string name);

    [LoggerMessage(9112, LogLevel.Information, "The timer function {Name} runs next at {Next:u}")]
    public static partial void TimerScheduled(this ILogger logger, string name, DateTimeOffset next);

    [LoggerMessage(9113, LogLevel.Warning, "An activity failed")]
    public static partial void ActivityFailed(this ILogger logger, Exception fault);

    [LoggerMessage(9114, LogLevel.Warning, "The start of {Orchestrator} asked for a time, tags or a version: the client of a Functions app drops them")]
    public static partial void StartOptionsDropped(this ILogger logger, string orchestrator);
}
