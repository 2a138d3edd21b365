namespace Shop;

/// <summary>The app settings. Read once: App Service restarts the process when one changes.</summary>
/// <param name="Orders">ORDERS_URL, the container that orders are written to.</param>
/// <param name="Media">MEDIA_URL, the container that media are served from.</param>
/// <param name="AdminKey">ADMIN_KEY; without it the admin calls are open, as in the demo, where nothing but loopback reaches them.</param>
internal sealed record ShopSettings(BlobContainer Orders, BlobContainer Media, string? AdminKey, bool CartIsOn)
{
    public static ShopSettings From(IConfiguration configuration) => new(
        Container(configuration, "ORDERS_URL"),
        Container(configuration, "MEDIA_URL"),
        configuration["ADMIN_KEY"] is { Length: > 0 } key ? key : null,
        string.Equals(configuration["FEATURE_CART"], "on", StringComparison.OrdinalIgnoreCase));

    /// <summary>The key of account <c>name</c> is STORAGE_KEY_NAME, else STORAGE_KEY; without either the container is read anonymously.</summary>
    private static BlobContainer Container(IConfiguration configuration, string setting)
    {
        if (!Uri.TryCreate(configuration[setting], UriKind.Absolute, out var url))
        {
            throw new InvalidOperationException($"The app setting {setting} must be the URL of a blob container.");
        }

        var account = BlobContainer.AccountOf(url);
        var key = configuration[$"STORAGE_KEY_{account.ToUpperInvariant()}"] ?? configuration["STORAGE_KEY"];
        return new BlobContainer(url, account, key is { Length: > 0 } ? Convert.FromBase64String(key) : null);
    }
}
