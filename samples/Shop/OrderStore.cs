using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Shop;

/// <summary>Orders in a blob container, one blob each, written once and never changed.</summary>
internal sealed class OrderStore(ShopSettings settings, BlobHttp http)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>
    /// Stores the order, or finds the one that an earlier attempt with the same id stored. Returns the bytes that stand in the store;
    /// null when the id belongs to a different order.
    /// </summary>
    public async Task<byte[]?> PlaceAsync(OrderRequest request, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var order = new Order(id, request.Customer!, request.Item!, request.Quantity, now, Release.StoredCurrency);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(order, ShopJson.Default.Order);
        if (await CreateAsync(id, bytes, cancellationToken))
        {
            return bytes;
        }

        // Also the way back after a dropped connection: the order may be there although the answer was lost.
        var stored = await ReadAsync(id, cancellationToken)
            ?? throw new InvalidOperationException($"Order {id} is said to exist but cannot be read.");
        return JsonSerializer.Deserialize(stored, ShopJson.Default.Order)!.Answers(request) ? stored : null;
    }

    public async Task<byte[]?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(
            settings.Orders, () => settings.Orders.Request(HttpMethod.Get, OrderId.BlobName(id)), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private async Task<bool> CreateAsync(string id, byte[] bytes, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(settings.Orders, Compose, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;

        HttpRequestMessage Compose()
        {
            var content = new ByteArrayContent(bytes) { Headers = { ContentType = Json } };
            var put = settings.Orders.Request(HttpMethod.Put, OrderId.BlobName(id), content);
            put.Headers.Add("If-None-Match", "*");
            return put;
        }
    }
}
