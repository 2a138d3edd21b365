using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Runtime;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask;

/// <summary>Runs stored histories again, each with a fresh orchestrator, as an engine does that has nothing but the disk.</summary>
public static class ReplayChecker
{
    /// <summary>
    /// Replays the last execution of every instance in the store of a running engine. Orchestrators see each event of their
    /// history once more; nothing is written, and no activity runs.
    /// </summary>
    /// <param name="services">Of the host that the engine belongs to.</param>
    /// <returns>What went another way than the history, or came to another end: one line for each instance.</returns>
    public static IReadOnlyList<string> Check(IServiceProvider services) => Check(services.GetRequiredService<DurableEngine>().Parts.Database, Services(services));

    /// <summary>Replays what the state file of another engine holds; the host of the services need not run.</summary>
    /// <param name="stateFile">A copy: a file of an older format is brought to the current one.</param>
    /// <returns>As of a running engine.</returns>
    public static IReadOnlyList<string> Check(IServiceProvider services, string stateFile)
    {
        using var database = StateDatabase.Open(stateFile);
        return Check(database, Services(services));
    }

    private static ExecutionServices Services(IServiceProvider services) => new(
        services.GetRequiredService<DurableEngine>().Options,
        services.GetRequiredService<ITaskInvoker>(),
        services.GetRequiredService<ILoggerFactory>(),
        Trespassed: (_, _) => { });

    internal static IReadOnlyList<string> Check(StateDatabase database, ExecutionServices services)
    {
        var faults = new List<string>();
        var rows = database.Read(sql => sql.GetPage(new InstanceFilter(), 0, int.MaxValue, withData: false));
        foreach (var id in rows.ConvertAll(row => row.InstanceId))
        {
            // Of one moment: the engine goes on meanwhile.
            if (database.Read(sql => sql.FindInstanceWithHistory(id)) is var (row, history) && Check(row, history, services) is { } fault)
                faults.Add($"{row.Name} '{id}': {fault}");
        }
        return faults;
    }

    private static string? Check(InstanceRow row, List<HistoryLine> history, ExecutionServices services)
    {
        if (history.Count == 0)
            return null;
        var parent = row.Parent is { } link ? new ParentOrchestrationInstance(link.Name, link.InstanceId) : null;
        var start = new ExecutionStart(row.Key, row.InstanceId, row.Execution, row.Name, row.Version, row.Input, parent);
        var end = row.HasEnded ? history[^1].Event : null;
        var execution = new OrchestrationExecution(start, services);
        execution.Replay(end is null ? history : history[..^1], ended: row.HasEnded);
        return Compare(end, execution.GetOutcome(), row);
    }

    private static string? Compare(DurableEvent? end, ExecutionOutcome? replayed, InstanceRow row)
    {
        if (replayed is { IsDivergence: true } && row.FailureJson?.Contains(OrchestrationExecution.DivergenceType, StringComparison.Ordinal) is not true)
            return replayed.Failure!.Message;
        // The engine itself ended it, whatever the orchestrator would have done.
        if (row.Status == OrchestrationRuntimeStatus.Terminated || end is { Kind: EventKind.ExecutionFailed, Detail.NonRetriable: true })
            return null;
        return (end?.Kind, replayed) switch
        {
            (null, null) => null,
            (EventKind.ExecutionCompleted, { Failure: null, ContinueAs: null }) when replayed.Output == row.Output => null,
            (EventKind.ExecutionFailed, { Failure: { } failure }) when failure.Message == row.Output => null,
            _ => $"ended {row.Status} with '{row.Output}', and replayed {Describe(replayed)}",
        };
    }

    private static string Describe(ExecutionOutcome? outcome) => outcome switch
    {
        null => "it has not ended",
        { Failure: { } failure } => $"it fails with '{failure.Message}'",
        { ContinueAs: not null } => "it continues as new",
        _ => $"it completes with '{outcome.Output}'",
    };
}
