namespace Orchestrator.Local.Demo.Setup;

/// <summary>What a shop's site, run and containers are called. With different endings, several stand side by side in one world.</summary>
internal sealed record ShopNames(string Ending = "")
{
    public string Site => $"{Arm.Group}/providers/Microsoft.Web/sites/shop{Ending}";

    public string Host => $"shop{Ending}.azurewebsites.net";

    public string SlotHost => $"shop{Ending}-{Migration.ShopSpec.Slot}.azurewebsites.net";

    public string Run => $"shop{Ending}-v2";

    public string Media => $"media{Ending}";

    public string Orders => $"orders{Ending}";

    public string Snapshots => $"snapshots{Ending}";
}
