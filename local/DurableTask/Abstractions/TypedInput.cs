namespace Microsoft.DurableTask;

internal static class TypedInput
{
    /// <summary>A missing input becomes the type's default value, for value types too.</summary>
    public static T Of<T>(object? input) => input switch
    {
        null => default!,
        T typed => typed,
        _ => throw new ArgumentException($"The input is a {input.GetType()}, and {typeof(T)} is expected.", nameof(input)),
    };
}
