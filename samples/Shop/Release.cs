namespace Shop;

/// <summary>What differs between the two releases that are built from this source.</summary>
internal static class Release
{
#if SHOP_V2
    public const string Name = "v2";
    public const string Colour = "#0b6e4f";
    public static bool HasCart => true;
#else
    public const string Name = "v1";
    public const string Colour = "#1f4e9c";
    public static bool HasCart => false;
#endif

    /// <summary>The member that v2 adds to an order; v1 stores none, and its orders were all placed in euros.</summary>
    public static string? StoredCurrency => HasCart ? DefaultCurrency : null;

    public const string DefaultCurrency = "EUR";
}
