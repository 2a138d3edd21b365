namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of one function.</summary>
public abstract class FunctionContext
{
    public abstract string InvocationId { get; }

    /// <summary>Stable across invocations and restarts.</summary>
    public abstract string FunctionId { get; }

    public abstract TraceContext TraceContext { get; }

    public abstract BindingContext BindingContext { get; }

    public abstract RetryContext RetryContext { get; }

    /// <summary>The services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Carries values from middleware to function and back.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled when the host stops and, for an HTTP function, when the caller goes away.</summary>
    public virtual CancellationToken CancellationToken { get; } = CancellationToken.None;
}
