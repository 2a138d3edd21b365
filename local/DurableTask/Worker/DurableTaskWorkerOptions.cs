using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Worker;

public class DurableTaskWorkerOptions
{
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

    /// <summary>Null sets the default: the converter that is registered as a service, or else JSON.</summary>
    public DataConverter DataConverter
    {
        get => ChosenConverter ?? JsonDataConverter.Default;
        set => ChosenConverter = value;
    }

    /// <summary>Without effect here: entities are not run.</summary>
    public bool EnableEntitySupport { get; set; }

    /// <summary>Without effect here: a timer of any length is one timer.</summary>
    public TimeSpan MaximumTimerInterval { get; set; } = TimeSpan.FromDays(3);

    public ConcurrencyOptions Concurrency { get; } = new();

    public VersioningOptions? Versioning { get; set; }

    /// <summary>False always, as in the real one: look at <see cref="Versioning"/>.</summary>
    public bool IsVersioningSet { get; internal set; }

    /// <summary>Before the one that is registered as a service.</summary>
    [Obsolete("Experimental")]
    public IOrchestrationFilter? OrchestrationFilter { get; set; }

    public LoggingOptions Logging { get; } = new();

    internal DataConverter? ChosenConverter { get; private set; }

    internal void ApplyTo(DurableTaskWorkerOptions other)
    {
        other.DataConverter = DataConverter;
        other.MaximumTimerInterval = MaximumTimerInterval;
        other.EnableEntitySupport = EnableEntitySupport;
        other.Versioning = Versioning;
#pragma warning disable CS0618 // Experimental in the real API too.
        other.OrchestrationFilter = OrchestrationFilter;
#pragma warning restore CS0618
        other.Logging.UseLegacyCategories = Logging.UseLegacyCategories;
    }

    public class LoggingOptions
    {
        /// <summary>Without effect here: the categories are the same.</summary>
        public bool UseLegacyCategories { get; set; } = true;
    }

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
