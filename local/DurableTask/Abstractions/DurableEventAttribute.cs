namespace Microsoft.DurableTask;

/// <summary>Names an external event after its payload type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class DurableEventAttribute(string? name = null) : Attribute
{
    public TaskName Name { get; } = string.IsNullOrEmpty(name) ? default : new TaskName(name);
}
