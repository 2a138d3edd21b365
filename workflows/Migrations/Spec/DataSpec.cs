using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Migrations;

/// <summary>One set of data that moves with the site.</summary>
public sealed record DataSpec
{
    /// <summary>The one kind there is: a blob container.</summary>
    public const string BlobContainer = DataSet.BlobContainer;

    public string Kind { get; init; } = BlobContainer;

    /// <summary>The name that progress, manifests and reports call it by; unique in the spec.</summary>
    public required string Name { get; init; }

    public required string Source { get; init; }

    public required string Target { get; init; }

    /// <summary>The app setting that names the data, and is pointed at the target in the new slot.</summary>
    public string? Setting { get; init; }

    /// <summary>The lag that the delta passes must get under before people are asked.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether writes to the target are copied back after the cut-over, so that there is a way back.</summary>
    public bool Reverse { get; init; } = true;
}
