using Microsoft.DurableTask;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>What the engine is made to run. The activities do nothing: the engine is what is measured.</summary>
internal static class Workloads
{
    public const string Sequence = nameof(Sequence);

    public const string FanOut = nameof(FanOut);

    public const string Wait = nameof(Wait);

    public const string CountEvents = nameof(CountEvents);

    public const string Go = "go";

    private const string Echo = nameof(Echo);

    public static void AddTo(DurableTaskRegistry tasks) => tasks
        .AddActivityFunc<int, int>(Echo, (_, number) => number)
        .AddOrchestratorFunc<int, int>(Sequence, RunSequenceAsync)
        .AddOrchestratorFunc<int, int>(FanOut, RunFanOutAsync)
        .AddOrchestratorFunc<object?, string>(Wait, (context, _) => context.WaitForExternalEvent<string>(Go, TimeSpan.FromDays(30)))
        .AddOrchestratorFunc<int, int>(CountEvents, RunCountEventsAsync);

    private static async Task<int> RunSequenceAsync(TaskOrchestrationContext context, int steps)
    {
        var sum = 0;
        for (var step = 0; step < steps; step++)
            sum += await context.CallActivityAsync<int>(Echo, 1);
        return sum;
    }

    private static async Task<int> RunFanOutAsync(TaskOrchestrationContext context, int width)
    {
        var results = await Task.WhenAll(Enumerable.Range(0, width).Select(_ => context.CallActivityAsync<int>(Echo, 1)));
        return results.Sum();
    }

    private static async Task<int> RunCountEventsAsync(TaskOrchestrationContext context, int events)
    {
        var sum = 0;
        for (var received = 0; received < events; received++)
            sum += await context.WaitForExternalEvent<int>(Go);
        return sum;
    }
}
