namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>The root of every attribute that says where a parameter's value comes from.</summary>
public abstract class BindingAttribute : Attribute;

/// <summary>Marks the one parameter whose event starts the function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute;

/// <summary>Marks a parameter that is read in addition to the trigger.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute;
