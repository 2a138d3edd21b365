using Orchestrator.Local.Functions.Invocation;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>What the function returned, for middleware to read or replace once the next delegate has ended.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => new FunctionResult(context.Outcome());

    /// <inheritdoc cref="GetInvocationResult(FunctionContext)"/>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => new FunctionResult<T>(context.Outcome());

    private static InvocationOutcome Outcome(this FunctionContext context) =>
        context.Features.Get<InvocationOutcome>() ?? throw new InvalidOperationException("The context is not one of this host.");
}
