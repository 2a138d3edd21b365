using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Worker;

public class DurableTaskWorkerOptions
{
    private DataConverter converter = JsonDataConverter.Default;

    public enum VersionMatchStrategy
    {
        /// <summary>Runs instances of every version.</summary>
        None = 0,

        /// <summary>Runs instances of the worker's version.</summary>
        Strict = 1,

        /// <summary>Runs instances of the worker's version and of older ones.</summary>
        CurrentOrOlder = 2,
    }

    public enum VersionFailureStrategy
    {
        /// <summary>Leaves an instance that does not match to another worker; here it waits for the next start.</summary>
        Reject = 0,

        /// <summary>Fails it.</summary>
        Fail = 1,
    }

    /// <summary>Null sets the default converter.</summary>
    public DataConverter DataConverter
    {
        get => converter;
        set => converter = value ?? JsonDataConverter.Default;
    }

    /// <summary>Without effect here: entities are not run.</summary>
    public bool EnableEntitySupport { get; set; }

    /// <summary>Without effect here: a timer of any length is one timer.</summary>
    public TimeSpan MaximumTimerInterval { get; set; } = TimeSpan.FromDays(3);

    public ConcurrencyOptions Concurrency { get; } = new();

    public VersioningOptions? Versioning { get; set; }

    public class ConcurrencyOptions
    {
        public int MaximumConcurrentActivityWorkItems { get; set; } = 100 * Environment.ProcessorCount;

        public int MaximumConcurrentOrchestrationWorkItems { get; set; } = 100 * Environment.ProcessorCount;

        public int MaximumConcurrentEntityWorkItems { get; set; } = 100 * Environment.ProcessorCount;
    }

    public class VersioningOptions
    {
        public string Version { get; set; } = string.Empty;

        /// <summary>The version of sub-orchestrations that are called without one.</summary>
        public string DefaultVersion { get; set; } = string.Empty;

        public VersionMatchStrategy MatchStrategy { get; set; } = VersionMatchStrategy.None;

        public VersionFailureStrategy FailureStrategy { get; set; } = VersionFailureStrategy.Reject;
    }
}
