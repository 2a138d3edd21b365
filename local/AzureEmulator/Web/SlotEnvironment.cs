namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>The environment of an app: its settings under two names, as App Service gives them, and what identifies the slot.</summary>
internal static class SlotEnvironment
{
    public static Dictionary<string, string> Of(SiteSlot slot, SlotConfiguration configuration)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WEBSITE_SITE_NAME"] = slot.Site.Name,
            ["WEBSITE_SLOT_NAME"] = slot.IsProduction ? "Production" : slot.Name,
            ["WEBSITE_HOSTNAME"] = slot.HostName,
            ["WEBSITE_INSTANCE_ID"] = Guid.NewGuid().ToString("N"),
            ["WEBSITE_RESOURCE_GROUP"] = slot.Site.Group,
            ["WEBSITE_DEPLOYMENT_ID"] = slot.Content.DeploymentId,
        };
        foreach (var (name, value) in configuration.AppSettings)
        {
            // Linux knows no colon in a variable's name; App Service writes two underscores there.
            var variable = name.Replace(":", "__", StringComparison.Ordinal);
            environment[variable] = value;
            environment["APPSETTING_" + variable] = value;
        }

        foreach (var (name, connection) in configuration.ConnectionStrings) environment[Prefix(connection.Type) + name] = connection.Value;
        return environment;
    }

    private static string Prefix(string type) => type.ToUpperInvariant() switch
    {
        "SQLSERVER" => "SQLCONNSTR_",
        "SQLAZURE" => "SQLAZURECONNSTR_",
        "MYSQL" => "MYSQLCONNSTR_",
        "POSTGRESQL" => "POSTGRESQLCONNSTR_",
        _ => "CUSTOMCONNSTR_",
    };
}
