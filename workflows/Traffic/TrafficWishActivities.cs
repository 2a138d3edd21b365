using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Traffic;

/// <summary>The steps under way go back, a step at a time: they see it at their next look. The first reason stays.</summary>
public sealed class StopTraffic(RunDocuments documents)
{
    [Function(nameof(StopTraffic))]
    public Task RunAsync([ActivityTrigger] StopTrafficOrder order, CancellationToken cancellationToken) =>
        documents.CreateAsync(TrafficPaths.Stop(order.RunId), order, cancellationToken);
}

/// <summary>What a person chose where the steps ask. The first answer to a question stays.</summary>
public sealed class AnswerTraffic(RunDocuments documents)
{
    [Function(nameof(AnswerTraffic))]
    public Task RunAsync([ActivityTrigger] AnswerTrafficOrder order, CancellationToken cancellationToken) =>
        documents.CreateAsync(TrafficPaths.Answer(order.RunId, order.Question), order, cancellationToken);
}

/// <summary>What people want of the steps under way. Only looks.</summary>
public sealed class ReadTrafficWishes(RunDocuments documents)
{
    [Function(nameof(ReadTrafficWishes))]
    public async Task<TrafficWishes> RunAsync([ActivityTrigger] TrafficWishesOrder order, CancellationToken cancellationToken)
    {
        var stop = await documents.ReadAsync<StopTrafficOrder>(TrafficPaths.Stop(order.RunId), cancellationToken);
        var answer = order.Question == 0 ? null : await documents.ReadAsync<AnswerTrafficOrder>(TrafficPaths.Answer(order.RunId, order.Question), cancellationToken);
        return new TrafficWishes(stop?.Reason, answer);
    }
}

internal static class TrafficPaths
{
    public static string Stop(string runId) => RunPaths.Of(runId, "traffic/stop.json");

    public static string Answer(string runId, int question) => RunPaths.Of(runId, $"traffic/answer-{question}.json");

    /// <summary>What the steps gave, a <see cref="TrafficRecord"/>.</summary>
    public static string Record(string runId) => RunPaths.Of(runId, "traffic.json");
}
