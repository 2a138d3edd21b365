namespace Orchestrator.Local.Functions.Invocation;

/// <summary>What a function returned; middleware may replace it before the trigger's owner reads it.</summary>
internal sealed class InvocationOutcome
{
    public object? Value { get; set; }
}
