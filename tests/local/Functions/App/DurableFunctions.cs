using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.Functions.Tests.App;

public sealed record Order(string Site, int Count);

public sealed record Receipt(string Site, string InstanceId, string Key);

public sealed record Failure(string? Type, string? Message, bool IsCausedBySetup, string Exception);

public sealed class SetupException(string message) : Exception(message);

/// <summary>One for each invocation, so that two functions of one invocation share it and two invocations do not.</summary>
public sealed class InvocationKey
{
    public string Value { get; } = Guid.NewGuid().ToString("N");
}

public sealed class TakeOrder(InvocationKey key)
{
    [Function(nameof(TakeOrder))]
    public Task<Receipt> RunAsync([ActivityTrigger] Order order, string instanceId, FunctionContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var same = ReferenceEquals(key, context.InstanceServices.GetService(typeof(InvocationKey)));
        return Task.FromResult(new Receipt($"{order.Site} x {order.Count}", instanceId, same ? key.Value : "another scope"));
    }
}

public static class DurableActivities
{
    [Function(nameof(Fails))]
    public static string Fails([ActivityTrigger] string message) => throw new SetupException(message);

    [Function(nameof(Nothing))]
    public static Task Nothing([ActivityTrigger] FunctionContext context) =>
        Task.FromResult(context.FunctionDefinition.Name);

    [Function(nameof(CaseFree))]
    public static string CaseFree([ActivityTrigger] Order order) => order.Site;
}

public static class Orchestrators
{
    [Function(nameof(TakeTwoOrders))]
    public static async Task<Receipt[]> TakeTwoOrders([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
    {
        await context.CallActivityAsync(nameof(DurableActivities.Nothing));
        var first = await context.CallActivityAsync<Receipt>(nameof(TakeOrder), order);
        var second = await context.CallActivityAsync<Receipt>("takeorder", order with { Count = order.Count + 1 });
        return [first, second];
    }

    [Function(nameof(InputsOfEveryType))]
    public static async Task<string> InputsOfEveryType([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var order = context.GetInput<Order>();
        var untyped = await context.CallSubOrchestratorAsync<bool>(nameof(UntypedInputIsNull), order);
        var wider = await context.CallSubOrchestratorAsync<bool>(nameof(InterfaceInputIsNull), new List<string> { "a" });
        var none = await context.CallSubOrchestratorAsync<bool>(nameof(UntypedInputIsNull));
        return $"{order!.Site} {untyped} {wider} {none}";
    }

    [Function(nameof(UntypedInputIsNull))]
    public static Task<bool> UntypedInputIsNull([OrchestrationTrigger] TaskOrchestrationContext context, object? input) =>
        Task.FromResult(input is null && context.InstanceId.Length > 0);

    [Function(nameof(InterfaceInputIsNull))]
    public static bool InterfaceInputIsNull([OrchestrationTrigger] TaskOrchestrationContext context, IReadOnlyList<string>? input) =>
        input is null && context.InstanceId.Length > 0;

    [Function(nameof(CatchesActivity))]
    public static async Task<Failure> CatchesActivity([OrchestrationTrigger] TaskOrchestrationContext context, string message)
    {
        try
        {
            await context.CallActivityAsync<string>(nameof(DurableActivities.Fails), message);
            throw new InvalidOperationException("The activity did not fail.");
        }
        catch (TaskFailedException fault)
        {
            return Describe(fault);
        }
    }

    [Function(nameof(CatchesUnknown))]
    public static async Task<Failure[]> CatchesUnknown([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var failures = new List<Failure>();
        foreach (var call in (Func<Task>[])[() => context.CallActivityAsync("NoSuchActivity"), () => context.CallSubOrchestratorAsync("NoSuchOrchestrator")])
        {
            try
            {
                await call();
            }
            catch (TaskFailedException fault)
            {
                failures.Add(Describe(fault));
            }
        }

        return [.. failures];
    }

    [Function(nameof(CatchesSubOrchestrator))]
    public static async Task<Failure> CatchesSubOrchestrator([OrchestrationTrigger] TaskOrchestrationContext context, string message)
    {
        try
        {
            await context.CallSubOrchestratorAsync(nameof(FailsItself), message);
            throw new InvalidOperationException("The sub-orchestration did not fail.");
        }
        catch (TaskFailedException fault)
        {
            return Describe(fault);
        }
    }

    [Function(nameof(FailsItself))]
    public static Task FailsItself([OrchestrationTrigger] TaskOrchestrationContext context, string message) =>
        throw new SetupException($"{message}{(context.IsReplaying ? " again" : string.Empty)}");

    [Function(nameof(RetriesByCode))]
    public static async Task<int> RetriesByCode([OrchestrationTrigger] TaskOrchestrationContext context, string message)
    {
        var attempts = 0;
        var policy = new RetryPolicy(4, TimeSpan.FromMilliseconds(1))
        {
            HandleFailure = failure =>
            {
                attempts++;
                return failure.ErrorType is not "MIG0012";
            },
        };
        try
        {
            await context.CallActivityAsync<string>(nameof(DurableActivities.Fails), message, new TaskOptions(policy));
        }
        catch (TaskFailedException)
        {
            // What counts is how often it was tried.
        }

        return attempts;
    }

    [Function(nameof(WaitsForGo))]
    public static async Task<string> WaitsForGo([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.WaitForExternalEvent<string>("go");

    [Function(nameof(TellsVersion))]
    public static async Task<string> TellsVersion([OrchestrationTrigger] TaskOrchestrationContext context, bool child)
    {
        var own = $"{context.Version} {context.CompareVersionTo("1.10")}";
        return child ? own : $"{own}, {await context.CallSubOrchestratorAsync<string>(nameof(TellsVersion), true)}";
    }

    private static Failure Describe(TaskFailedException fault) => new(
        fault.FailureDetails?.ErrorType, fault.FailureDetails?.ErrorMessage, fault.FailureDetails?.IsCausedBy<SetupException>() ?? false, fault.Message);
}

public static class ClientFunctions
{
    [Function("Start")]
    public static async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        var order = await request.ReadFromJsonAsync<Order>(cancellationToken);
        await client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.TakeTwoOrders), order, new StartOrchestrationOptions(id), cancellationToken);
        var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
        return Results.Json(ended.ReadOutputAs<Receipt[]>());
    }
}
