namespace Microsoft.Azure.Functions.Worker;

/// <summary>A binding of a function: its parameter's name, its type (<c>httpTrigger</c>, <c>activityTrigger</c>) and which way it goes.</summary>
public abstract class BindingMetadata
{
    public abstract string Name { get; }

    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}

public enum BindingDirection
{
    In = 0,
    Out = 1,
}
