using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Orchestrator.Local.Functions.Tests.App;

public sealed class InvocationLog
{
    private readonly ConcurrentQueue<string> entries = new();

    public IReadOnlyList<string> Entries => [.. entries];

    public void Add(string entry) => entries.Enqueue(entry);
}

/// <summary>Notes each invocation by trigger and name.</summary>
public sealed class RecordingMiddleware(InvocationLog log) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var trigger = context.FunctionDefinition.InputBindings.Values.First(binding => binding.Type.EndsWith("Trigger", StringComparison.Ordinal)).Type;
        log.Add($"{trigger} {context.FunctionDefinition.Name}");
        return next(context);
    }
}

/// <summary>Turns what an HTTP function throws into an answer.</summary>
public sealed class ProblemMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (InvalidOperationException fault)
        {
            var http = context.GetHttpContext()!;
            http.Response.StatusCode = StatusCodes.Status409Conflict;
            await http.Response.WriteAsync($"problem: {fault.Message}");
        }
    }
}
