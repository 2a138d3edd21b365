using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Deployments.Expressions;

/// <summary>Asks for what exists: a resource by id and version, or the answer of a list call. Null when there is none.</summary>
internal delegate Task<JsonObject?> ResourceLookup(string method, string path, string apiVersion);

/// <summary>What expressions of one template can see.</summary>
internal sealed class TemplateScope
{
    public required string DeploymentName { get; init; }

    public required JsonObject Group { get; init; }

    public required string Subscription { get; init; }

    public required JsonObject Parameters { get; init; }

    /// <summary>As written; each is evaluated when it is asked for.</summary>
    public required JsonObject Variables { get; init; }

    /// <summary>The ids and versions of the template's resources, by symbolic name (or by id in older templates).</summary>
    public Dictionary<string, (string Id, string ApiVersion)> Resources { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public required ResourceLookup Lookup { get; init; }

    /// <summary>Positions in the copy loops around the expression, by loop name; the innermost also under the empty name.</summary>
    public IReadOnlyDictionary<string, int> Loops { get; init; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Leaves an expression as it is when it needs a resource that does not exist, as what-if does.</summary>
    public bool KeepsMissing { get; init; }

    public string GroupId => Group.Text("id")!;

    public TemplateScope Inside(string loop, int index) => new()
    {
        DeploymentName = DeploymentName,
        Group = Group,
        Subscription = Subscription,
        Parameters = Parameters,
        Variables = Variables,
        Resources = Resources,
        Lookup = Lookup,
        KeepsMissing = KeepsMissing,
        Loops = new Dictionary<string, int>(Loops, StringComparer.OrdinalIgnoreCase) { [loop] = index, [""] = index },
    };
}
