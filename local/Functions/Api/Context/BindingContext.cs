namespace Microsoft.Azure.Functions.Worker;

/// <summary>What came with the trigger besides its value: route values of a request, the instance id of an activity.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
