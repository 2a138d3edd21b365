namespace Microsoft.DurableTask;

/// <summary>Names an orchestrator or activity class; without it, the class name is the name.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class DurableTaskAttribute(string? name = null) : Attribute
{
    public TaskName Name { get; } = string.IsNullOrEmpty(name) ? default : new TaskName(name);

    public string? Version { get; set; }
}
