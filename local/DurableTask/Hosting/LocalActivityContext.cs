using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask;

/// <summary>The context that registered activities get. The real API has no place for the token; on a Functions host it is a parameter.</summary>
public sealed class LocalActivityContext(ActivityInvocation invocation, CancellationToken cancellationToken) : TaskActivityContext
{
    public override TaskName Name => invocation.Name;

    public override string InstanceId => invocation.InstanceId;

    public override string Version => invocation.Version;

    /// <inheritdoc cref="ActivityInvocation.Delivery"/>
    public int Delivery => invocation.Delivery;

    /// <summary>Cancelled when the orchestration is terminated, and when a stop no longer waits.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

public static class ActivityCancellation
{
    /// <returns>A token that is never cancelled where the host has none.</returns>
    public static CancellationToken GetCancellationToken(this TaskActivityContext context) =>
        context is LocalActivityContext local ? local.CancellationToken : CancellationToken.None;

    /// <summary>Registers an activity that gets a cancellation token.</summary>
    public static DurableTaskRegistry AddActivityFunc<TInput, TOutput>(
        this DurableTaskRegistry registry, TaskName name, Func<TaskActivityContext, TInput, CancellationToken, Task<TOutput>> activity) =>
        registry.AddActivityFunc<TInput, TOutput>(name, (context, input) => activity(context, input, context.GetCancellationToken()));
}
