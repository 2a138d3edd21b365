using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Shop;

/// <summary>What a customer sends. An id is optional; with one, sending again is harmless.</summary>
internal sealed record OrderRequest(string? Id, string? Customer, string? Item, int Quantity)
{
    /// <summary>What is wrong with it, in one sentence; null when nothing is.</summary>
    public string? Fault =>
        Id is not null && !OrderId.IsValid(Id) ? "id must be the day, a hyphen and 1 to 64 of a-z, 0-9 and hyphen: 20261121-k3j9."
        : Customer is not { Length: > 0 and <= 200 } ? "customer must have 1 to 200 characters."
        : Item is not { Length: > 0 and <= 200 } ? "item must have 1 to 200 characters."
        : Quantity is < 1 or > 1000 ? "quantity must be from 1 to 1000."
        : null;
}

/// <summary>An order as it is stored. <paramref name="Currency"/> came with v2; orders of v1 lack it.</summary>
internal sealed record Order(string Id, string Customer, string Item, int Quantity, DateTimeOffset PlacedAt, string? Currency)
{
    public bool Answers(OrderRequest request) =>
        Customer == request.Customer && Item == request.Item && Quantity == request.Quantity;
}

/// <summary>An order's id carries its day, so that the blob's name follows from the id alone.</summary>
internal static partial class OrderId
{
    public static bool IsValid(string id) => Shape().IsMatch(id);

    public static string New(DateTimeOffset now) => $"{now:yyyyMMdd}-{Guid.CreateVersion7(now):N}";

    public static string BlobName(string id) => $"{id[..8]}/{id}.json";

    [GeneratedRegex(@"\A[0-9]{8}-[a-z0-9-]{1,64}\z")]
    private static partial Regex Shape();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(AdminState))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class ShopJson : JsonSerializerContext;

/// <summary>The body of every answer that says no.</summary>
internal sealed record Refusal(string Error);
