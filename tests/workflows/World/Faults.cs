using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests;

/// <summary>What goes wrong with the activities of a world.</summary>
public sealed class Faults
{
    private readonly ConcurrentDictionary<string, int> calls = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> order = new();

    /// <summary>Every activity's first call fails before it does anything.</summary>
    public bool EachOnceBefore { get; init; }

    /// <summary>Every activity's first call does its work, and its answer is lost.</summary>
    public bool EachOnceAfter { get; init; }

    /// <summary>Every call of every activity runs twice.</summary>
    public bool EachTwice { get; init; }

    /// <summary>This activity fails for good before it does anything.</summary>
    public string? FailsForGood { get; set; }

    /// <summary>This activity does its work the first time, and fails for good: the answer is lost for ever.</summary>
    public string? LosesItsAnswerForGood { get; init; }

    /// <summary>Called before each activity, with its name: the moment for a test to act.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>The activities in the order in which they were called.</summary>
    public IReadOnlyList<string> Called => [.. order];

    // Writing the log is called after every step; failing its first call each time would only make the test slow.
    private static bool IsSpared(string name) => name is nameof(AppendAudit);

    internal async Task InvokeAsync(string name, Func<Task> next)
    {
        var number = calls.AddOrUpdate(name, 1, (_, n) => n + 1);
        order.Enqueue(name);
        if (Before is { } before) await before(name);
        if (name == FailsForGood) throw new PermanentFailureException("MIG0999", $"{name} fails in this test.");
        if (EachOnceBefore && number == 1 && !IsSpared(name)) throw new IOException($"{name} fails once before its effect.");

        await next();
        if (EachTwice) await next();
        if (name == LosesItsAnswerForGood) throw new PermanentFailureException("MIG0999", $"The answer of {name} is lost in this test.");
        if (EachOnceAfter && number == 1 && !IsSpared(name)) throw new IOException($"The answer of {name} is lost once.");
    }
}

/// <summary>Stands around every invocation and applies the faults to activities.</summary>
internal sealed class FaultMiddleware(Faults faults) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FunctionDefinition.InputBindings.Values.Any(b => b.Type == "activityTrigger")
            ? faults.InvokeAsync(context.FunctionDefinition.Name, () => next(context))
            : next(context);
}
