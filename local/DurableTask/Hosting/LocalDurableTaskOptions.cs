using System.ComponentModel.DataAnnotations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask;

/// <summary>Settings of the embedded engine.</summary>
public sealed class LocalDurableTaskOptions
{
    internal static readonly string DefaultStateFile = Path.Combine(".orchestrator", "state.db");

    /// <summary>
    /// The SQLite file that holds everything. Its folder is created. One process at a time owns it. Unset, it is what the
    /// configuration says (LocalHost:StateFile), or .orchestrator/state.db; further hosts of one process then have state.2.db and so on.
    /// </summary>
    [Required]
    public string StateFile { get; set; } = DefaultStateFile;

    /// <summary>Replays every orchestrator from the start on every turn, as the Azure back ends do, so that what replay would break breaks here.</summary>
    public bool ReplayFromStart { get; set; }

    [Range(1, int.MaxValue)]
    public int MaxConcurrentActivities { get; set; } = 32;

    [Range(1, int.MaxValue)]
    public int MaxConcurrentOrchestrations { get; set; } = 32;

    /// <summary>How often an activity or an orchestrator's turn is begun before it is failed, when the process dies in it each time.</summary>
    [Range(1, int.MaxValue)]
    public int MaxDeliveries { get; set; } = 10;

    /// <summary>Instances kept in memory, ready to go on without a replay; the least recently used idle ones are let go first.</summary>
    [Range(0, int.MaxValue)]
    public int MaxCachedInstances { get; set; } = 1000;

    /// <summary>The version of orchestrations and sub-orchestrations that are started without one.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>Which versions' instances run here. Null: all.</summary>
    public DurableTaskWorkerOptions.VersioningOptions? Versioning { get; set; }

    /// <summary>How long a stop waits for running activities. Those still running then are cancelled, and run again at the next start.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "24.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the SDK's client has a default of its own.</summary>
    internal string? ClientDefaultVersion { get; set; }

    /// <inheritdoc cref="Storage.StateDatabase.Open" path="/param[@name='vfs']"/>
    internal string? Vfs { get; set; }

    /// <summary>For tests.</summary>
    internal EngineScheduling Scheduling { get; set; } = EngineScheduling.Default;

    /// <summary>What of the store runs here.</summary>
    internal DurableTaskWorkerWorkItemFilters WorkItemFilters { get; set; } = new();

    /// <summary>Says by name and tags whether an orchestration runs now; null: all do.</summary>
    internal Func<string, IReadOnlyDictionary<string, string>, Task<bool>>? AcceptsAsync { get; set; }

    public DataConverter DataConverter { get; set; } = JsonDataConverter.Default;
}
