namespace Orchestrator.Local.AzureEmulator.Groups;

/// <summary>Regions as callers write them (<c>westeurope</c>) and as App Service shows them (<c>West Europe</c>).</summary>
internal static class Locations
{
    private static readonly string[] Known =
    [
        "West Europe", "North Europe", "France Central", "Germany West Central", "Sweden Central", "UK South", "UK West", "Switzerland North",
        "Norway East", "Italy North", "Poland Central", "Spain Central", "East US", "East US 2", "Central US", "North Central US", "South Central US",
        "West US", "West US 2", "West US 3", "Canada Central", "Canada East", "Brazil South", "Southeast Asia", "East Asia", "Japan East",
        "Japan West", "Korea Central", "Australia East", "Australia Southeast", "Central India", "South India", "UAE North", "South Africa North",
    ];

    public static IReadOnlyList<string> All => Known;

    public static string Display(string location) => Array.Find(Known, name => Code(name) == Code(location)) ?? location;

    public static string Code(string location) => location.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
