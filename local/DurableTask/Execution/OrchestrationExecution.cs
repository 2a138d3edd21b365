using Microsoft.DurableTask;
using Orchestrator.Local.DurableTask.Storage;
using Orchestrator.Local.DurableTask.Telemetry;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>
/// One execution of an orchestrator in memory: replayed from its history or still warm from the turn before. The caller
/// sees to it that only one thread at a time is in here.
/// </summary>
internal sealed class OrchestrationExecution
{
    public const string DivergenceType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    private const string Trespass =
        "The orchestrator awaited something that is not a durable task, or used another thread. It may await only tasks that its context made, " +
        "without ConfigureAwait(false), Task.Run or Task.Delay: replay could not repeat the rest.";

    private readonly ExecutionServices services;
    private readonly TaskLedger ledger = new();
    private readonly ExternalEvents events;
    private readonly OrchestratorScheduler scheduler;
    private readonly LocalOrchestrationContext context;
    private readonly ExecutionStart start;
    private readonly List<(string Name, string? Payload)> afterContinueAsNew = [];
    private Task<string?>? main;
    private EventDetail? started;
    private ExecutionOutcome? verdict;

    public OrchestrationExecution(ExecutionStart start, ExecutionServices services)
    {
        this.start = start;
        this.services = services;
        scheduler = new OrchestratorScheduler(Trespass, message => services.Trespassed(start, message));
        events = new ExternalEvents(services.Options.DataConverter);
        context = new LocalOrchestrationContext(start, ledger, events, scheduler, services);
    }

    /// <summary>The orchestrator has ended, and so has every task that it opened.</summary>
    public bool IsOver => main is { IsCompleted: true } && !ledger.HasOpenTasks;

    public bool HasDiverged => verdict is not null;

    public CustomStatus? CustomStatus => context.CustomStatus;

    /// <inheritdoc cref="LocalOrchestrationContext.AsksWhetherItReplays"/>
    public bool AsksWhetherItReplays => context.AsksWhetherItReplays;

    /// <summary>Failures in the replayed history upon which the orchestrator made a call at once.</summary>
    public HashSet<DurableEvent> AnsweredFailures { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Calls that have no outcome yet.</summary>
    public IEnumerable<DurableEvent> OpenCalls => ledger.OpenCalls;

    /// <summary>Null when nobody looks, or when the instance was started by nobody who was traced.</summary>
    public InstanceTrace? Trace { get; private set; }

    /// <summary>Takes the orchestrator to where its history ends. A divergence becomes the outcome.</summary>
    /// <param name="ended">It may end there too.</param>
    /// <param name="rewinding">Its last turn goes on instead of ending as it did: the code may have been mended since.</param>
    public void Replay(IReadOnlyList<HistoryLine> history, bool ended = false, bool rewinding = false)
    {
        try
        {
            var turn = 0;
            foreach (var line in history)
            {
                if (line.Turn != turn)
                    BeginReplayedTurn(turn, line);
                turn = line.Turn;
                ReplayLine(line.Event);
                Trace?.Note(line);
            }
            if (rewinding)
                ledger.ForgetCancelledTimers();
            else
                EndReplayedTurn(turn, ended);
        }
        catch (DivergenceException found)
        {
            verdict = main is { Exception.InnerException: { } failure } ? Diverged(found.Message, failure) : Diverged(found.Message);
        }
    }

    public void BeginTurn(DateTimeOffset time) => context.BeginTurn(time, replaying: false);

    /// <returns>False when the event is for nobody and belongs in no history: also once the execution has gone wrong.</returns>
    public bool Apply(DurableEvent happened)
    {
        if (verdict is not null)
            return false;
        var taken = true;
        scheduler.Run(() => taken = Take(happened));
        return taken;
    }

    /// <summary>To be taken once, at the end of the turn. What an execution has called that went another way than its history is not to be.</summary>
    public List<DurableEvent> TakeCalls()
    {
        var calls = ledger.TakeCalls();
        return verdict is not null ? [] : Trace is { } trace ? calls.ConvertAll(trace.Stamp) : calls;
    }

    public List<int> TakeCancelledTimers() => ledger.TakeCancelledTimers();

    /// <summary>Null while the execution has something to wait for. It ends only when every task that it opened has.</summary>
    public ExecutionOutcome? GetOutcome()
    {
        if (verdict is not null)
            return verdict;
        if (main is null || ledger.HasOpenTasks)
            return null;
        if (main.IsCompleted)
            return Ended();
        return events.HasWaiters ? null : Trespassed();
    }

    private void BeginReplayedTurn(int before, HistoryLine first)
    {
        if (first.Event.Kind == EventKind.ExecutionRewound)
            ledger.ForgetCancelledTimers();
        else
            EndReplayedTurn(before);
        context.BeginTurn(first.Time, replaying: true);
    }

    private void EndReplayedTurn(int turn, bool mayEnd = false)
    {
        ledger.ConfirmEndOfTurn(turn);
        if (turn > 0 && IsOver && !mayEnd)
            throw new DivergenceException($"the orchestrator ended in turn {turn}, after which its history goes on");
    }

    private void ReplayLine(DurableEvent recorded)
    {
        switch (recorded.Kind)
        {
            case EventKind.TaskScheduled or EventKind.TimerCreated or EventKind.SubOrchestrationCreated or EventKind.EventSent:
                ledger.Confirm(recorded);
                break;
            case EventKind.ExecutionSuspended or EventKind.ExecutionResumed or EventKind.ExecutionRewound:
                break;
            default:
                var calls = ledger.Made;
                if (!Apply(recorded))
                    throw new DivergenceException($"the history has {recorded}, but the orchestrator has no such task open");
                if (recorded.Kind is EventKind.TaskFailed or EventKind.SubOrchestrationFailed && ledger.Made > calls)
                    AnsweredFailures.Add(recorded);
                break;
        }
    }

    private bool Take(DurableEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.ExecutionStarted:
                started = happened.Detail;
                Trace = InstanceTrace.Of(start, started);
                main = RunAsync();
                _ = main.ContinueWith(CheckEndedHere, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                return true;
            case EventKind.EventRaised:
                if (context.Continuation is null)
                    events.Raise(happened.Name!, happened.Payload);
                else
                    afterContinueAsNew.Add((happened.Name!, happened.Payload));
                return true;
            case EventKind.ExecutionRewound:
                return true;
            default:
                return ledger.Close(happened);
        }
    }

    private async Task<string?> RunAsync() => await services.Invoker.RunOrchestratorAsync(new OrchestratorInvocation(context, start.Input));

    private void CheckEndedHere(Task ended)
    {
        if (!scheduler.IsCurrentThread)
            scheduler.Trespass();
    }

    private ExecutionOutcome Ended()
    {
        if (!main!.IsCompletedSuccessfully)
        {
            var cause = main.Exception?.InnerException ?? new TaskCanceledException(main);
            return Fail(Failures.MessageOf(cause), cause);
        }
        if (context.Continuation is not { } next)
            return new ExecutionOutcome { Output = main.Result };
        var unprocessed = next.PreserveUnprocessedEvents ? events.TakeBuffered() : [];
        return new ExecutionOutcome
        {
            ContinueAs = new Continuation(
                context.NextInput,
                string.IsNullOrWhiteSpace(next.NewVersion) ? null : next.NewVersion,
                [.. unprocessed, .. afterContinueAsNew],
                started?.TraceParent is { } trace ? new EventDetail { TraceParent = trace, TraceState = started.TraceState } : null),
        };
    }

    private ExecutionOutcome Trespassed() => new()
    {
        Failure = new ExecutionFailure(
            Trespass, services.Invoker.Describe(TaskKind.Orchestrator, new InvalidOperationException(Trespass)), NonRetriable: true),
    };

    /// <summary>An orchestrator that is there no more, or fails where it did not, says more than the calls that are missing then.</summary>
    private ExecutionOutcome Diverged(string what, Exception failure) => failure is TaskNotFoundException
        ? Fail(failure.Message, failure)
        : Diverged($"{what}, since it had failed with {failure.GetType()}: {Failures.MessageOf(failure)}");

    private ExecutionOutcome Diverged(string what)
    {
        var message = $"Replay of orchestrator '{start.Name}' went another way than its history: {what}. " +
            "The same history must always lead to the same calls; running instances keep the code (or the version) that they began with.";
        var details = new TaskFailureDetails(DivergenceType, message, null, null, null);
        return new ExecutionOutcome { IsDivergence = true, Failure = new ExecutionFailure(message, details, NonRetriable: true) };
    }

    private ExecutionOutcome Fail(string message, Exception cause) => new()
    {
        Failure = new ExecutionFailure(message, services.Invoker.Describe(TaskKind.Orchestrator, cause), cause is TaskNotFoundException),
    };
}
