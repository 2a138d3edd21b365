using System.Security.Cryptography;
using System.Text;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Provisioning;

/// <param name="HealthCheckPath">The path that must answer 2xx before the slot counts as warm; null: "/" must not answer 5xx.</param>
/// <param name="SnapshotContainer">Where the configuration around a template's deployment is kept; null: the orchestrator's own.</param>
public sealed record ProvisionInput(
    SiteHold Hold, string Slot, string? HealthCheckPath, IReadOnlyList<DataSet> Data, bool HasTemplate, string? SnapshotContainer = null);

/// <summary>One look at a part of the target, on the way to the state wanted.</summary>
/// <param name="Operation">The long operation that the last look started or saw.</param>
public sealed record SlotOrder(SiteHold Hold, string Slot, string? Operation = null);

/// <param name="Path">Null: "/" must not answer 5xx.</param>
public sealed record WarmOrder(string HostName, string? Path);

public static class ProvisionCodes
{
    public const string SlotOfAnother = "MIG0220";
    public const string SlotNotReady = "MIG0221";
    public const string PackageFailed = "MIG0222";
    public const string TemplateFailed = "MIG0223";
    public const string SlotNotWarm = "MIG0224";
}

public static class DeploymentNames
{
    /// <summary>The template deployment of a run: at most 64 characters, as Azure has it.</summary>
    public static string For(string runId) => $"orchestrator-{runId}" is { Length: > 64 } name
        ? $"{name[..51]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runId)))[..12]}"
        : $"orchestrator-{runId}";
}

public static class RunTag
{
    /// <summary>The tag on what a run created, so that an undo deletes nobody else's.</summary>
    public const string Name = "orchestrator-run";
}
