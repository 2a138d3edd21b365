using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Verification;

/// <summary>
/// Compares the data object by object, runs the HTTP checks and the load test on the slot, and keeps what was found. Passes, or
/// throws with MIG0240, MIG0241 or MIG0242 after the record is kept.
/// </summary>
public static class VerifyOrchestrator
{
    private const int Attempts = 3;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(2);

    [Function(nameof(VerifyOrchestrator))]
    public static async Task<VerifyResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, VerifyInput input)
    {
        var data = await CompareAsync(context, input);
        var checks = await CheckAsync(context, input);
        var load = await LoadAsync(context, input);

        var faults = new List<(string Code, string Text)>();
        if (data.Mismatches > 0) faults.Add((VerifyCodes.DataDiffers, $"{data.Mismatches} of {data.Compared} objects differ, the first: {First(data)}."));
        faults.AddRange(checks.Where(c => c.Fault is not null).Select(c => (VerifyCodes.CheckFailed, $"The check {c.Name} ({c.Path}) {c.Fault}.")));
        if (load is { Fault: { } slow }) faults.Add((VerifyCodes.LoadFailed, slow));

        var at = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        var found = new VerificationOrder(
            input.RunId, input.Round, at, at + input.StaleAfter, data.Data, checks, load?.Result, [.. faults.Select(f => $"{f.Code}: {f.Text}")]);
        var digest = await context.CallActivityAsync<string>(nameof(RecordVerification), found, Retry.Standard);

        if (faults is [var (code, text), ..]) throw new PermanentFailureException(code, text);
        return new VerifyResult(digest, at, data.Compared, data.Mismatches, data.Repaired);
    }

    private static string First(CompareDataResult found) =>
        found.Data.SelectMany(d => (d.Differences ?? []).Select(x => $"{d.Name}: {x.Name} ({x.What})")).FirstOrDefault() ?? "not known";

    private static async Task<CompareDataResult> CompareAsync(TaskOrchestrationContext context, VerifyInput input) => input.Data.Count == 0
        ? new CompareDataResult([])
        : await context.CallSubOrchestratorAsync<CompareDataResult>(
            nameof(CompareDataOrchestrator),
            new CompareDataInput(input.RunId, [.. input.Data], Verification: input.Round, TotalObjects: input.TotalObjects, TotalBytes: input.TotalBytes),
            new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:data"));

    // A slot that was just warmed may still stumble once: only a check that fails each time fails the step.
    private static async Task<IReadOnlyList<CheckResult>> CheckAsync(TaskOrchestrationContext context, VerifyInput input)
    {
        for (var attempt = 1; ; attempt++)
        {
            var checks = await context.CallActivityAsync<IReadOnlyList<CheckResult>>(nameof(CheckSlot), new ProbeOrder(input.RunId, input.SlotHostName), Retry.Standard);
            if (attempt == Attempts || checks.All(c => c.Fault is null)) return checks;
            await context.CreateTimer(BetweenAttempts, CancellationToken.None);
        }
    }

    private static async Task<(LoadResult Result, string? Fault)?> LoadAsync(TaskOrchestrationContext context, VerifyInput input)
    {
        if (input.Load is not { } load) return null;
        var stretches = new List<LoadResult>();
        for (var left = load.Duration; left > TimeSpan.Zero; left -= LoadSlot.LongestStretch)
        {
            var stretch = left < LoadSlot.LongestStretch ? left : LoadSlot.LongestStretch;
            stretches.Add(await context.CallActivityAsync<LoadResult>(nameof(LoadSlot), new LoadOrder(input.RunId, input.SlotHostName, stretch), Retry.Standard));
        }

        // Percentiles of stretches do not add up: the worst stretch stands for all.
        var total = new LoadResult(stretches.Sum(s => s.Requests), stretches.Sum(s => s.Failed), stretches.Max(s => s.P95Milliseconds));
        if (total.ErrorRate > load.MaxErrorRate)
            return (total, $"Under load {total.Failed} of {total.Requests} requests failed, {total.ErrorRate:P2}; wanted at most {load.MaxErrorRate:P2}.");
        if (load.P95 is { } limit && total.P95Milliseconds > limit.TotalMilliseconds)
            return (total, $"Under load the 95th percentile was {total.P95Milliseconds:0} ms; wanted at most {limit.TotalMilliseconds:0} ms.");
        return (total, null);
    }
}
