using Microsoft.DurableTask;

namespace DurableTask.Core;

/// <summary>What a history knows of a failure.</summary>
public class FailureDetails : IEquatable<FailureDetails>
{
    public FailureDetails()
        : this("None", string.Empty, null, null, false)
    {
    }

    public FailureDetails(Exception e)
        : this(e, OfCause(e), null)
    {
    }

    public FailureDetails(Exception e, IDictionary<string, object?>? properties)
        : this(e, OfCause(e), properties)
    {
    }

    public FailureDetails(Exception e, FailureDetails? innerFailure)
        : this(e, innerFailure, null)
    {
    }

    public FailureDetails(Exception e, FailureDetails? innerFailure, IDictionary<string, object?>? properties)
        : this(Known(e).GetType().FullName!, e.Message, e.StackTrace, innerFailure, false, properties)
    {
    }

    public FailureDetails(string errorType, string errorMessage, string? stackTrace, FailureDetails? innerFailure, bool isNonRetriable)
        : this(errorType, errorMessage, stackTrace, innerFailure, isNonRetriable, null)
    {
    }

    public FailureDetails(
        string errorType,
        string errorMessage,
        string? stackTrace,
        FailureDetails? innerFailure,
        bool isNonRetriable,
        IDictionary<string, object?>? properties = null)
    {
        ErrorType = errorType;
        ErrorMessage = errorMessage;
        StackTrace = stackTrace;
        InnerFailure = innerFailure;
        IsNonRetriable = isNonRetriable;
        Properties = properties;
    }

    /// <summary>The full name of the exception's type.</summary>
    public string ErrorType { get; }

    public string ErrorMessage { get; }

    public string? StackTrace { get; }

    public FailureDetails? InnerFailure { get; }

    public bool IsNonRetriable { get; }

    public IDictionary<string, object?>? Properties { get; }

    /// <inheritdoc cref="TaskFailureDetails.IsCausedBy(Type)"/>
    public bool IsCausedBy<T>()
        where T : Exception => new TaskFailureDetails(ErrorType, ErrorMessage, null, null, null).IsCausedBy<T>();

    public bool Equals(FailureDetails? other) =>
        other is not null
        && ErrorType == other.ErrorType
        && ErrorMessage == other.ErrorMessage
        && StackTrace == other.StackTrace
        && Equals(InnerFailure, other.InnerFailure);

    public override bool Equals(object? obj) => Equals(obj as FailureDetails);

    public override int GetHashCode() => HashCode.Combine(ErrorType, ErrorMessage, StackTrace, InnerFailure);

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    private static Exception Known(Exception e) => e ?? throw new ArgumentNullException(nameof(e));

    private static FailureDetails? OfCause(Exception e) => Known(e).InnerException is { } cause ? new FailureDetails(cause) : null;
}
