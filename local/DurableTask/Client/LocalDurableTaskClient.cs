using System.Text.Json;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Runtime;
using Orchestrator.Local.DurableTask.Storage;
using Orchestrator.Local.DurableTask.Telemetry;

namespace Orchestrator.Local.DurableTask;

/// <summary>The client of the engine in this process.</summary>
internal sealed class LocalDurableTaskClient(string name, DurableEngine engine) : DurableTaskClient(name)
{
    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended];

    private DataConverter Converter => engine.Options.DataConverter;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        cancellation.ThrowIfCancellationRequested();
        var id = string.IsNullOrEmpty(options?.InstanceId) ? Guid.NewGuid().ToString("N") : options.InstanceId;
        var version = options?.Version is { } given ? given.Version : engine.Options.ClientDefaultVersion ?? engine.Options.DefaultVersion;
        InstanceIds.Check(id, nameof(options));
        using var span = EngineTelemetry.StartCreation(orchestratorName, version, id);
        var instance = new NewInstance(id, orchestratorName, version, Converter.Serialize(input), options?.Tags, null, options?.StartAt)
        {
            Started = EngineTelemetry.CurrentContext(),
        };
        var refusing = options?.DedupeStatuses is { } statuses ? [.. statuses.Select(ToStatus)] : Unfinished;
        var parts = engine.Parts;
        await parts.Commits.WriteAsync(writer => writer.Start(instance, refusing, parts.Time.GetUtcNow()), parts.Dispatch);
        return id;
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        InstanceIds.Check(instanceId);
        using var span = EngineTelemetry.StartEvent(eventName, instanceId);
        await PostAsync(instanceId, new DurableEvent(EventKind.EventRaised, Name: eventName, Payload: Converter.Serialize(eventPayload)), cancellation);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var detail = options is { Recursive: true } ? new EventDetail { Recursive = true } : null;
        return PostAsync(instanceId, new DurableEvent(EventKind.ExecutionTerminated, Payload: Converter.Serialize(options?.Output), Detail: detail), cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        PostAsync(instanceId, new DurableEvent(EventKind.ExecutionSuspended, Payload: reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        PostAsync(instanceId, new DurableEvent(EventKind.ExecutionResumed, Payload: reason), cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Find(instanceId, getInputsAndOutputs) is { } row ? ToMetadata(row, getInputsAndOutputs) : null);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, row => row.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, row => row.HasEnded, getInputsAndOutputs, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        var wanted = new InstanceFilter
        {
            CreatedFrom = query.CreatedFrom,
            CreatedTo = query.CreatedTo,
            IdPrefix = query.InstanceIdPrefix,
            Statuses = query.Statuses?.ToList() is { Count: > 0 } statuses ? statuses : null,
        };
        return Pageable.Create<OrchestrationMetadata>((token, size, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var limit = Math.Max(1, size ?? query.PageSize);
            var after = ToKey(token ?? query.ContinuationToken);
            var rows = engine.Parts.Database.Read(sql => sql.GetPage(wanted, after, limit + 1, query.FetchInputsAndOutputs));
            var next = rows.Count > limit ? rows[limit - 1].Key.ToString() : null;
            var values = rows.Take(limit).Select(row => ToMetadata(row, query.FetchInputsAndOutputs)).ToList();
            return Task.FromResult(new Page<OrchestrationMetadata>(values, next));
        });
    }

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        var wanted = new InstanceFilter
        {
            CompletedFrom = completedTimeFrom ?? DateTimeOffset.MinValue,
            CompletedTo = completedTimeTo,
            Statuses = runtimeStatus?.ToList() is { Count: > 0 } statuses ? statuses : null,
        };
        var rows = engine.Parts.Database.Read(sql => sql.GetPage(wanted, ToKey(lastInstanceKey), pageSize + 1));
        var next = rows.Count > pageSize ? rows[pageSize - 1].Key.ToString() : null;
        return Task.FromResult(new Page<string>([.. rows.Take(pageSize).Select(row => row.InstanceId)], next));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Find(instanceId) is { HasEnded: true } row ? new PurgeResult(await Purge.InstancesAsync(engine.Parts, [row.Key], options)) : new PurgeResult(0);
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        Purge.AllAsync(engine.Parts, filter, options, cancellation);

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var id = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId;
        var parts = engine.Parts;
        await parts.Commits.WriteAsync(writer => writer.Restart(instanceId, id, parts.Time.GetUtcNow()) ?? throw NotFound(instanceId), parts.Dispatch);
        return id;
    }

    public override async Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var parts = engine.Parts;
        await parts.Commits.WriteAsync(
            writer => writer.Rewind(instanceId, reason, parts.Time.GetUtcNow()) ?? throw NotFound(instanceId),
            order => parts.Instances.Deliver(order.Key, order.Message));
    }

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var found = engine.Parts.Database.Read(sql => sql.FindInstanceWithHistory(instanceId)) ?? throw NotFound(instanceId);
        return Task.FromResult<IList<HistoryEvent>>(new HistoryReadOut(found.Row, found.History).ToList());
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PostAsync(string instanceId, DurableEvent message, CancellationToken cancellation)
    {
        InstanceIds.Check(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var parts = engine.Parts;
        await parts.Commits.WriteAsync(writer => writer.Post(instanceId, message), posted =>
        {
            if (posted is { } delivered)
                parts.Instances.Deliver(delivered.Key, delivered.Message);
        });
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<InstanceRow, bool> reached, bool getInputsAndOutputs, CancellationToken cancellation)
    {
        InstanceIds.Check(instanceId);
        while (true)
        {
            using var wait = engine.Parts.Watch.Begin(instanceId);
            // One that does not exist may yet be started, or called by another.
            if (Find(instanceId, getInputsAndOutputs) is { } row && reached(row))
                return ToMetadata(row, getInputsAndOutputs);
            try
            {
                await wait.Change.WaitAsync(cancellation);
            }
            catch (TaskCanceledException cancelled)
            {
                // Of the very type that callers of the real client get.
                throw new OperationCanceledException($"The wait for orchestration '{instanceId}' was cancelled.", cancelled, cancellation);
            }
        }
    }

    private InstanceRow? Find(string instanceId, bool withData = false) => engine.Parts.Database.Read(sql => sql.FindInstance(instanceId, withData));

    private OrchestrationMetadata ToMetadata(InstanceRow row, bool withData) => new(row.Name, row.InstanceId)
    {
        RuntimeStatus = row.Status,
        CreatedAt = row.CreatedAt,
        LastUpdatedAt = row.UpdatedAt,
        FailureDetails = !withData || row.FailureJson is null ? null : JsonSerializer.Deserialize(row.FailureJson, StoredJson.Default.TaskFailureDetails),
        Tags = row.TagsJson is null
            ? System.Collections.Immutable.ImmutableDictionary<string, string>.Empty
            : JsonSerializer.Deserialize(row.TagsJson, StoredJson.Default.IReadOnlyDictionaryStringString)!,
        DataConverter = withData ? Converter : null,
        SerializedInput = withData ? row.Input : null,
        SerializedOutput = withData ? row.Output : null,
        SerializedCustomStatus = withData ? row.CustomStatus : null,
    };

    private static ArgumentException NotFound(string instanceId) => new($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));

    private static OrchestrationRuntimeStatus ToStatus(string status) => Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out var parsed)
        ? parsed
        : throw new ArgumentException($"Invalid orchestration runtime status: '{status}' for deduplication.", nameof(status));

    private static long ToKey(string? token) =>
        string.IsNullOrEmpty(token) ? 0 : long.TryParse(token, out var key) ? key : throw new ArgumentException("The continuation token is not one of this store's.", nameof(token));
}
