namespace Microsoft.Azure.Functions.Worker;

/// <summary>What an invocation carries, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    /// <summary>The feature, or the default value where there is none.</summary>
    T? Get<T>();
}
