using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>Tells a fault that stops a start in one line: on standard error, with exit code 1, where the host is the process; else as a <see cref="StartException"/>.</summary>
internal static class StartFault
{
    public static T Guard<T>(LocalHostOptions options, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (Explain(fault) is { } line)
        {
            throw Stop(options, line, fault);
        }
    }

    /// <param name="release">Lets go of what was already taken, the state file above all.</param>
    public static async Task<T> GuardAsync<T>(LocalHostOptions options, Func<Task<T>> step, Func<ValueTask> release)
    {
        try
        {
            return await step();
        }
        catch (Exception fault) when (Explain(fault) is { } line)
        {
            await release();
            throw Stop(options, line, fault);
        }
    }

    private static StartException Stop(LocalHostOptions options, string line, Exception fault)
    {
        if (!options.OwnsProcess)
            return fault as StartException ?? new StartException(line, fault);
        Console.Error.WriteLine($"The app does not start: {line}");
        Environment.Exit(1);
        throw fault;
    }

    // Null: a defect, which keeps its stack trace.
    private static string? Explain(Exception fault) => fault switch
    {
        StartException => OneLine(fault.Message),
        OptionsValidationException options => OneLine(string.Join(" ", options.Failures)),
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        IOException { InnerException: AddressInUseException } => OneLine(fault.Message),
        IOException or UnauthorizedAccessException or FormatException => OneLine(fault.Message),
        _ => null,
    };

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
