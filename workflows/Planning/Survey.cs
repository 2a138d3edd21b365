using System.Text.Json.Nodes;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Planning;

/// <summary>The facts that a plan is made from, read off Azure in one go. Settings' values stay in here.</summary>
/// <param name="SeesActionGroup">False where the spec names an action group that is not there, or not to be seen.</param>
public sealed record Survey(
    Site Site,
    string Sku,
    string Tier,
    IReadOnlyList<Site> Slots,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<string> StickySettings,
    JsonObject Config,
    IReadOnlyList<ResourceLock> Locks,
    IReadOnlyDictionary<string, IReadOnlyList<string>> SharedBy,
    IReadOnlyDictionary<string, string> BlobEndpoints,
    string? TemplateError,
    IReadOnlyList<ResourceChange> WhatIf,
    PackageProbe? Package,
    SiteTraffic Traffic,
    bool SeesActionGroup = true);

/// <summary>Whether the package could be seen, and how large it is; <paramref name="Status"/> 0: no answer.</summary>
public sealed record PackageProbe(int Status, long? Bytes);
