using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.Functions.Tests.App;

/// <summary>An instance of two activities: each says that it runs on standard output, the first ends when a line comes on standard input.</summary>
public static class ProcessFunctions
{
    [Function("Begin")]
    public static async Task<IResult> Begin(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "begin/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(nameof(TwoSteps), null, new StartOrchestrationOptions(id), request.HttpContext.RequestAborted);
        return Results.Accepted();
    }

    [Function("Outcome")]
    public static async Task<IResult> Outcome(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "outcome/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id)
    {
        var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, request.HttpContext.RequestAborted);
        return Results.Text(ended.ReadOutputAs<string>());
    }

    [Function(nameof(TwoSteps))]
    public static async Task<string> TwoSteps([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = await context.CallActivityAsync<string>(nameof(FirstStep));
        var second = await context.CallActivityAsync<string>(nameof(SecondStep));
        return $"{first}, {second}";
    }

    [Function(nameof(FirstStep))]
    public static async Task<string> FirstStep([ActivityTrigger] string? input)
    {
        Console.WriteLine($"first step runs {input}");
        return await Console.In.ReadLineAsync() ?? "no line";
    }

    [Function(nameof(SecondStep))]
    public static string SecondStep([ActivityTrigger] string? input)
    {
        Console.WriteLine($"second step runs {input}");
        return "second";
    }
}
