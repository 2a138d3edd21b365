namespace Orchestrator.Local.Functions.Invocation;

/// <summary>A function ran longer than functionTimeout of host.json allows.</summary>
internal sealed class FunctionTimeoutException(string function, TimeSpan timeout)
    : Exception($"Timeout value of {timeout} was exceeded by function: {function}");
