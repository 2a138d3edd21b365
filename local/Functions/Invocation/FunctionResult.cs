using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Local.Functions.Invocation;

internal sealed class FunctionResult(InvocationOutcome outcome) : InvocationResult
{
    public override object? Value
    {
        get => outcome.Value;
        set => outcome.Value = value;
    }
}

internal sealed class FunctionResult<T>(InvocationOutcome outcome) : InvocationResult<T>
{
    public override T? Value
    {
        get => outcome.Value is null ? default : (T)outcome.Value;
        set => outcome.Value = value;
    }
}
