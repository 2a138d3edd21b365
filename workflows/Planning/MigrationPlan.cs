using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Planning;

/// <summary>What a run is going to do, found out before anything is changed. Its digest is what approvers approve.</summary>
/// <param name="Score">0 (nothing speaks against it) to 100, the sum of the risks' points.</param>
public sealed record MigrationPlan(
    string RunId,
    DateTimeOffset MadeAt,
    PlannedSite Site,
    IReadOnlyList<PlannedData> Data,
    IReadOnlyList<Finding> Blockers,
    int Score,
    IReadOnlyList<Risk> Risks,
    IReadOnlyList<Dependency> Dependencies,
    IReadOnlyList<PlannedChange> Changes,
    IReadOnlyList<Estimate> Timeline,
    IReadOnlyList<ResourceChange> WhatIf,
    SiteTraffic? Before);

/// <param name="DeploymentId">Of the content that production runs when the plan is made.</param>
/// <param name="SettingNames">Names only: the values may be secret.</param>
public sealed record PlannedSite(
    string Id, string HostName, string Location, string ServerFarmId, string Sku, string? DeploymentId, string Slot, IReadOnlyList<string> SettingNames,
    string? HealthCheckPath);

public sealed record PlannedData(string Name, string Source, string Target, string? Setting, long Objects, long Bytes);

/// <summary>Something that stops the run.</summary>
public sealed record Finding(string Code, string Detail);

/// <summary>Something to know, and what it weighs.</summary>
public sealed record Risk(int Points, string Evidence);

/// <summary>Something else that uses what is moved.</summary>
public sealed record Dependency(string What, string Why);

/// <summary>One thing that will be changed, and how it is undone.</summary>
public sealed record PlannedChange(string Step, string What, string Undo);

public sealed record Estimate(string Step, TimeSpan Duration, string Basis);
