namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a public method a function. The name is unique in the app, upper and lower case alike.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
