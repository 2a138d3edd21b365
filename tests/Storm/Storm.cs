using System.Collections.Concurrent;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Migration;

namespace Orchestrator.Storm;

/// <summary>Runs one migration to its end, and lets the weather loose on it once people have approved.</summary>
internal sealed class Storm(StormWorld world, Weather weather, Crowd crowd) : IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongGlance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongFault = TimeSpan.FromSeconds(8);
    private const string RollBackCall = "rollback";
    private const string CancelCall = "cancel";
    private readonly ConcurrentBag<string> _accepted = [];
    private readonly MigrationApi _api = new(world.App.Address, world.Tokens);
    private readonly Operations _operations = new(world.App.Address, world.Tokens);
    private readonly Dictionary<Trigger, TaskCompletionSource> _seen = new[] { Trigger.CutOver, Trigger.Watching, Trigger.RollBack }.ToDictionary(
        trigger => trigger, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    private readonly SemaphoreSlim _killing = new(1);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>What really came of the weather, for whoever reads about it.</summary>
    public List<string> Story { get; } = [];

    /// <summary>What stood where just before the cut-over.</summary>
    public Places Before { get; private set; } = null!;

    /// <summary>Whether the app promised to go back.</summary>
    public bool GoesBack => _accepted.Contains(RollBackCall);

    /// <summary>Whether the app promised to stop, where that can still be.</summary>
    public bool IsCancelled => _accepted.Contains(CancelCall);

    /// <summary>Whether something waits for what the run shows.</summary>
    private bool IsSoon => Before is not null && !_seen[Trigger.Watching].Task.IsCompleted;

    /// <summary>What people were asked.</summary>
    public List<string> Questions { get; } = [];

    public async Task<Run> RunAsync(CancellationToken cancellationToken)
    {
        var rollsBack = weather.RollBack is not null && await _operations.CanRollBackAsync(cancellationToken);
        if (weather.RollBack is not null && !rollsBack) Tell("no rollback: the app does not know the call");
        var run = await _api.StartAsync(StormSpec.Compose(world, weather, watch: TimeSpan.FromSeconds(rollsBack ? 30 : 1)), Tokens.Dee, cancellationToken);
        run = await UntilAsync(run, seen => seen.PendingApproval is not null, cancellationToken);
        Before = await Places.ReadAsync(world, cancellationToken);
        await world.Control.MarkAsync(cancellationToken);
        crowd.Hurry();
        foreach (var fault in weather.Faults) await world.Control.SetAsync(fault, cancellationToken);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var troubles = weather.Kills.Select(kill => KillAsync(kill, over.Token)).ToList();
        if (rollsBack) troubles.Add(AskAsync(RollBackCall, weather.RollBack!, over.Token));
        if (weather.Cancel is { } cancel) troubles.Add(AskAsync(CancelCall, cancel, over.Token));
        if (weather.Faults.Any(fault => fault.Times is null)) troubles.Add(LiftAsync(over.Token));
        await _api.AnswerAsync(run.PendingApproval!, "approve", "let it come", Tokens.Ben, cancellationToken);
        run = await UntilAsync(run, seen => seen.HasEnded, cancellationToken);

        await over.CancelAsync();
        await Task.WhenAll(troubles);
        foreach (var (fault, struck) in weather.Faults.Zip(await world.Control.StruckAsync(cancellationToken))) Tell($"{fault.Kind.Name} was struck {struck} times");
        await world.Control.LiftAsync(cancellationToken);
        return run;
    }

    /// <summary>What a person would look at when something is wrong.</summary>
    public async Task KeepEvidenceAsync(CancellationToken cancellationToken)
    {
        await KeepAsync("story.txt", Story.Prepend($"{weather}"));
        await KeepAsync("store-writes.txt", world.Shops.Writes.OrderBy(write => write.Began).Select(write => $"{write}"));
        await KeepAsync("write-switch.txt", world.Shops.Switched.Select(call => $"{call.Path} {call.Version}"));
        await KeepAsync("arm-calls.jsonl", (await world.Control.CallsAsync(cancellationToken)).Select(call => call!.ToJsonString()));
        foreach (var (document, file) in new[] { ("", "run.json"), ("/audit", "audit.jsonl"), ("/plan", "plan.json") })
            await KeepAsync(file, [await _operations.DocumentAsync(StormSpec.Id, document, cancellationToken)]);
        Task KeepAsync(string file, IEnumerable<string> lines) => File.WriteAllLinesAsync(Path.Combine(world.Folder, file), lines, cancellationToken);
    }

    public void Dispose()
    {
        _api.Dispose();
        _operations.Dispose();
        _killing.Dispose();
    }

    private async Task<Run> UntilAsync(Run run, Func<Run, bool> wanted, CancellationToken cancellationToken)
    {
        while (!wanted(run))
        {
            await Task.Delay(IsSoon ? Glance : LongGlance, cancellationToken);
            run = await _api.GetAsync(run, TimeSpan.Zero, cancellationToken);
            if (run.StatusOf("cutOver") is not (null or "pending")) _seen[Trigger.CutOver].TrySetResult();
            if (run.Status == "watching") _seen[Trigger.Watching].TrySetResult();
            if (run.PendingDecision is { } question && _asked.Add(question.Id)) await DecideAsync(question, cancellationToken);
        }
        return run;
    }

    private async Task DecideAsync(PendingDecision question, CancellationToken cancellationToken)
    {
        Questions.Add($"{question.Step}: {question.Error?.Code} {question.Error?.Detail}");
        Tell($"a person was asked at {Questions[^1]}");
        await world.Control.LiftAsync(cancellationToken);
        await _operations.RetryAsync(StormSpec.Id, question.Id, cancellationToken);
    }

    private async Task KillAsync(Kill kill, CancellationToken over)
    {
        if (!await ComesAsync(kill.At, over))
        {
            Tell($"not {kill}: the run had ended");
            return;
        }
        await _killing.WaitAsync(CancellationToken.None);
        try
        {
            Tell($"{kill}");
            await world.App.KillAndRestartAsync(CancellationToken.None, kill.Away);
        }
        finally
        {
            _killing.Release();
        }
    }

    private async Task AskAsync(string call, Moment moment, CancellationToken over)
    {
        if (!await ComesAsync(moment, over)) return;
        var isAccepted = await _operations.AskAsync(StormSpec.Id, call, CancellationToken.None);
        Tell($"the {call} was {(isAccepted ? "accepted" : "refused")}");
        if (!isAccepted) return;
        _accepted.Add(call);
        if (call == RollBackCall) _seen[Trigger.RollBack].TrySetResult();
    }

    private async Task LiftAsync(CancellationToken over)
    {
        if (!await ComesAsync(new Moment(Trigger.CutOver, 1, LongFault), over)) return;
        await world.Control.LiftAsync(CancellationToken.None);
        Tell("the faults were lifted");
    }

    /// <returns>False when the run ended before.</returns>
    private async Task<bool> ComesAsync(Moment moment, CancellationToken over)
    {
        try
        {
            if (moment.Trigger.Path is null) await _seen[moment.Trigger].Task.WaitAsync(over);
            else while (await world.Control.CountAsync(moment.Trigger, over) < moment.Nth) await Task.Delay(Glance, over);
            await Task.Delay(moment.Delay, over);
            return true;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Tell(string what)
    {
        lock (Story) Story.Add($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {what}");
    }
}
