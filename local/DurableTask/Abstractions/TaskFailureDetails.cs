using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>What is known of a failure after it has crossed a durable boundary: text, not the exception itself.</summary>
/// <param name="ErrorType">The full name of the exception's type.</param>
public record TaskFailureDetails(
    string ErrorType, string ErrorMessage, string? StackTrace, TaskFailureDetails? InnerFailure, IDictionary<string, object?>? Properties)
{
    // What is nested deeper than 64 the JSON of the store refuses, and this stands inside other things.
    private const int MostCauses = 50;

    public static TaskFailureDetails FromException(Exception exception) => FromException(exception, null);

    /// <inheritdoc cref="IsCausedBy(Type)"/>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <summary>
    /// True when the failed exception was of the type or of one derived from it. False too when no loaded assembly
    /// knows the recorded type. Inner failures are not looked at.
    /// </summary>
    /// <exception cref="AmbiguousMatchException">Several loaded assemblies have a type of the recorded name.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
            throw new ArgumentException($"{targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        return FindType(targetBaseExceptionType.Assembly) is { } type && targetBaseExceptionType.IsAssignableFrom(type);
    }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    /// <param name="describe">Gives what is to be kept of an exception besides; null for nothing.</param>
    internal static TaskFailureDetails FromException(Exception exception, Func<Exception, IDictionary<string, object?>?>? describe)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return FromException(exception, describe, MostCauses);
    }

    private static TaskFailureDetails FromException(Exception exception, Func<Exception, IDictionary<string, object?>?>? describe, int causes)
    {
        var inner = exception.InnerException is { } cause && causes > 0 ? FromException(cause, describe, causes - 1) : null;
        if (exception is TaskFailedException { FailureDetails: { } details })
            inner ??= Shortened(details, causes);
        var properties = FailureProperties.Of(describe?.Invoke(exception));
        return new TaskFailureDetails(exception.GetType().ToString(), exception.Message, exception.StackTrace, inner, properties);
    }

    private static TaskFailureDetails? Shortened(TaskFailureDetails details, int causes) =>
        causes == 0 ? null : details.InnerFailure is { } inner ? details with { InnerFailure = Shortened(inner, causes - 1) } : details;

    private Type? FindType(Assembly nearest)
    {
        if (string.IsNullOrEmpty(ErrorType))
            return null;
        if ((Type.GetType(ErrorType, throwOnError: false) ?? nearest.GetType(ErrorType, throwOnError: false)) is { } known)
            return known;
        var found = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(ErrorType, throwOnError: false)).OfType<Type>().Take(2).ToList();
        return found.Count < 2 ? found.FirstOrDefault() : throw new AmbiguousMatchException($"More than one loaded type is named {ErrorType}.");
    }
}
