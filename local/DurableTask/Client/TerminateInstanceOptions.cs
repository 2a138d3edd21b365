namespace Microsoft.DurableTask.Client;

/// <param name="Output">Becomes the output of the terminated instance.</param>
/// <param name="Recursive">With the sub-orchestrations that it started.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
