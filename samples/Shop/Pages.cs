using System.Net;
using System.Text.Json;

namespace Shop;

/// <summary>The pages that customers see; the release's name and colour are on each.</summary>
internal static class Pages
{
    private static readonly (string Id, string Name, decimal Price)[] Products =
        [("tea", "Green tea", 4.50m), ("mug", "Blue mug", 12m), ("kettle", "Steel kettle", 39.90m), ("tin", "Tea tin", 7.20m)];

    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/", (ShopSettings settings) => Html(Home(settings)));
        app.MapGet("/products/{id}", (string id) => Products.FirstOrDefault(product => product.Id == id) is { Id: not null } product
            ? Html(Page(product.Name, $"<p>{product.Name}: {product.Price:0.00} {Release.DefaultCurrency}</p>"))
            : Results.NotFound());
        app.MapGet("/orders/{id}/receipt", ReceiptAsync);
        app.MapGet("/healthz", () => Results.Text("healthy"));
        if (Release.HasCart)
        {
            app.MapGet("/cart", (ShopSettings settings) =>
                settings.CartIsOn ? Html(Page("Your cart", "<p>Your cart is empty.</p>")) : Results.NotFound());
        }
    }

    private static string Home(ShopSettings settings)
    {
        var products = string.Concat(Products.Select(product => $"<li><a href=\"/products/{product.Id}\">{product.Name}</a></li>"));
        var cart = Release.HasCart && settings.CartIsOn ? "<p><a href=\"/cart\">Your cart</a></p>" : "";
        return Page("Welcome", $"<ul>{products}</ul>{cart}");
    }

    /// <summary>Reads the orders of both releases: one without a currency was placed in euros.</summary>
    private static async Task<IResult> ReceiptAsync(string id, OrderStore store, CancellationToken cancellationToken)
    {
        if (!OrderId.IsValid(id) || await store.ReadAsync(id, cancellationToken) is not { } stored)
        {
            return Results.NotFound();
        }

        var order = JsonSerializer.Deserialize(stored, ShopJson.Default.Order)!;
        var line = $"{order.Quantity} × {order.Item} for {order.Customer}, in {order.Currency ?? Release.DefaultCurrency}";
        return Html(Page($"Order {order.Id}", $"<p>{WebUtility.HtmlEncode(line)}</p>"));
    }

    private static string Page(string title, string body) =>
        $$"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{{title}} – Shop {{Release.Name}}</title>
        <style>body { font-family: sans-serif; margin: 2rem } header { color: white; background: {{Release.Colour}}; padding: 1rem }</style></head>
        <body><header>Shop {{Release.Name}}</header><h1>{{title}}</h1>{{body}}</body>
        </html>
        """;

    private static IResult Html(string page) => Results.Text(page, "text/html; charset=utf-8");
}
