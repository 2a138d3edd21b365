using Azure.Core;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>The parts of an App Service site's resource id, and the ids of what hangs on it.</summary>
public sealed record SiteId(string Id)
{
    private readonly ResourceIdentifier identifier = new(Id);

    public string Name => identifier.Name;

    public string ResourceGroup => identifier.ResourceGroupName!;

    public string Subscription => identifier.SubscriptionId!;

    public string GroupId => $"/subscriptions/{Subscription}/resourceGroups/{ResourceGroup}";

    public string SlotId(string slot) => $"{Id}/slots/{slot}";
}
