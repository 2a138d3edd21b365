namespace Microsoft.DurableTask.Worker;

/// <summary>
/// Adds to what is kept of an exception; registered as a service. Numbers come back as <see cref="double"/>, what is neither text,
/// number, truth value, time, list nor dictionary as its text.
/// </summary>
public interface IExceptionPropertiesProvider
{
    /// <returns>Null: nothing to add.</returns>
    IDictionary<string, object?>? GetExceptionProperties(Exception exception);
}
