using System.Text.Json;

namespace Orchestrator.Workflows.Migrations;

/// <summary>What the new version is: its package, and how the slot's settings and resources differ from production's.</summary>
public sealed record ReleaseSpec
{
    /// <summary>The URL of a zip package; null where only settings or resources change.</summary>
    public string? Package { get; init; }

    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<string> RemoveAppSettings { get; init; } = [];

    /// <summary>Members of <c>Microsoft.Web/sites/config/web</c>, an object.</summary>
    public JsonElement? SiteConfig { get; init; }

    /// <summary>A compiled ARM template, an object.</summary>
    public JsonElement? Template { get; init; }

    /// <summary>The template's parameters in ARM's own shape, <c>{"name": {"value": …}}</c>.</summary>
    public JsonElement? TemplateParameters { get; init; }
}
