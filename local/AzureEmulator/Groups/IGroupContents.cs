using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Groups;

/// <summary>The top-level resources that one provider keeps in groups.</summary>
internal interface IGroupContents
{
    /// <summary>As the group's resource list shows them: id, name, type, location, tags, kind, sku.</summary>
    IEnumerable<JsonObject> List(string subscription, string? group);

    /// <summary>Removes what the provider keeps in the group; null means everything everywhere.</summary>
    Task RemoveAsync(string? subscription, string? group);
}
