using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>The context of one execution. Turns every call into a numbered event of the ledger.</summary>
internal sealed class LocalOrchestrationContext(
    ExecutionStart start, TaskLedger ledger, ExternalEvents events, OrchestratorScheduler scheduler, ExecutionServices services) : TaskOrchestrationContext
{
    private DateTime now;
    private bool isReplaying;
    private int guids;

    public override TaskName Name => start.Name;

    public override string InstanceId => start.InstanceId;

    public override ParentOrchestrationInstance? Parent => start.Parent;

    public override string Version => start.Version;

    public override DateTime CurrentUtcDateTime => now;

    /// <summary>Whoever asks is replayed on every turn from now on, so that it sees what it would see on Azure.</summary>
    public override bool IsReplaying
    {
        get
        {
            AsksWhetherItReplays = true;
            return isReplaying;
        }
    }

    /// <summary>The orchestrator has read <see cref="IsReplaying"/>.</summary>
    public bool AsksWhetherItReplays { get; private set; }

    /// <summary>Serialized; null until the orchestrator has set it in this execution.</summary>
    public CustomStatus? CustomStatus { get; private set; }

    public ContinueAsNewOptions? Continuation { get; private set; }

    /// <summary>Of the continuation, serialized when it was given.</summary>
    public string? NextInput { get; private set; }

    internal override bool IsReplayingNow => isReplaying;

    protected override ILoggerFactory LoggerFactory => services.Loggers;

    private DataConverter Converter => services.Options.DataConverter;

    public void BeginTurn(DateTimeOffset time, bool replaying)
    {
        now = time.UtcDateTime;
        isReplaying = replaying;
    }

    public override T? GetInput<T>()
        where T : default => Converter.Deserialize<T>(start.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        CheckCall(input, options);
        var payload = Converter.Serialize(input);
        var detail = DetailOf(options?.Version is { } version ? version.Version : Version, options?.Tags);
        var result = await Retries.RunAsync(
            this, name, options?.Retry, () => ledger.Open(new DurableEvent(EventKind.TaskScheduled, ledger.NextId(), name, payload, detail)));
        return Converter.Deserialize<TResult>(result)!;
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        CheckCall(input, options);
        var payload = Converter.Serialize(input);
        var chosenId = (options as SubOrchestrationOptions)?.InstanceId;
        if (!string.IsNullOrEmpty(chosenId))
            InstanceIds.Check(chosenId, nameof(options));
        var detail = new EventDetail
        {
            InstanceId = chosenId ?? NewGuid().ToString("N"),
            IsAddressed = chosenId is not null,
            Version = options?.Version is { } version ? version.Version : services.Options.DefaultVersion,
            Tags = options?.Tags?.AsReadOnly(),
        };
        var result = await Retries.RunAsync(
            this,
            orchestratorName,
            options?.Retry,
            () => ledger.Open(new DurableEvent(EventKind.SubOrchestrationCreated, ledger.NextId(), orchestratorName, payload, detail)));
        return Converter.Deserialize<TResult>(result)!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        CheckThread();
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var id = ledger.NextId();
        var detail = new EventDetail { FireAt = new DateTimeOffset(fireAt.ToUniversalTime()) };
        var fired = ledger.Open(new DurableEvent(EventKind.TimerCreated, id, Detail: detail));
        if (!cancellationToken.CanBeCanceled)
            return fired;
        var registration = cancellationToken.Register(() =>
        {
            if (scheduler.IsCurrentThread)
                ledger.CancelTimer(id, cancellationToken);
            else
                scheduler.Trespass();
        });
        // The token may outlive many timers.
        _ = fired.ContinueWith(
            _ => registration.Unregister(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        CheckThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return events.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        CheckThread();
        InstanceIds.Check(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var detail = new EventDetail { InstanceId = instanceId, IsAddressed = true };
        ledger.Send(new DurableEvent(EventKind.EventSent, ledger.NextId(), eventName, Converter.Serialize(payload), detail));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        CheckThread();
        CustomStatus = new CustomStatus(Converter.Serialize(customStatus));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        CheckThread();
        ArgumentNullException.ThrowIfNull(options);
        NextInput = Converter.Serialize(options.NewInput);
        Continuation = options;
    }

    public override Guid NewGuid()
    {
        CheckThread();
        return DeterministicGuid.Of($"{InstanceId}_{start.Execution}_{now:O}_{guids++}");
    }

    private void CheckCall(object? input, TaskOptions? options)
    {
        CheckThread();
        if (input is TaskOptions && options is null)
            throw new ArgumentException("The options of the call stand where its input belongs. Pass them as the argument named options.", nameof(input));
    }

    private void CheckThread()
    {
        if (!scheduler.IsCurrentThread)
            throw new InvalidOperationException(scheduler.Trespass());
    }

    private EventDetail? DetailOf(string version, IDictionary<string, string>? tags) =>
        version.Length == 0 && tags is not { Count: > 0 } ? null : new EventDetail { Version = version, Tags = tags?.AsReadOnly() };
}

/// <param name="Text">Null: the status was cleared.</param>
internal sealed record CustomStatus(string? Text);
