using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrator.Local.Functions.Tests.App;

/// <summary>Functions that run until they are cancelled.</summary>
public sealed class SlowFunctions(Gate gate)
{
    [Function(nameof(SlowRequest))]
    public Task<IResult> SlowRequest([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken cancellationToken) =>
        HoldAsync(Results.Text(request.Method), cancellationToken);

    [Function(nameof(SlowActivity))]
    public Task<string> SlowActivity([ActivityTrigger] string? input, CancellationToken cancellationToken) =>
        HoldAsync(input ?? "done", cancellationToken);

    [Function(nameof(CallsSlowActivity))]
    public static async Task<string> CallsSlowActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(SlowActivity));
        }
        catch (TaskFailedException fault)
        {
            return fault.FailureDetails!.ToString();
        }
    }

    private async Task<T> HoldAsync<T>(T result, CancellationToken cancellationToken)
    {
        gate.Enter("slow");
        try
        {
            await gate.OpenedAsync(cancellationToken);
            return result;
        }
        catch (OperationCanceledException)
        {
            gate.Leave("cancelled");
            throw;
        }
    }
}
