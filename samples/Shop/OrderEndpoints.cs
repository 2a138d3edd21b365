namespace Shop;

internal static class OrderEndpoints
{
    public static void MapOrders(this WebApplication app)
    {
        app.Use(RefuseEarlyAsync);
        app.MapPost("/orders", PlaceAsync);
        app.MapGet("/orders/{id}", ReadAsync);
    }

    /// <summary>While the shop is read-only any order is refused before it is read, also one that is none: so a probe sees the pause and places nothing.</summary>
    private static async Task RefuseEarlyAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.Path == "/orders" && http.RequestServices.GetRequiredService<WriteGate>().IsReadOnly)
            await RefuseReadOnly(http.Response).ExecuteAsync(http);
        else
            await next(http);
    }

    /// <summary>Answers 201 only when the order is in the store, with the very bytes that are stored.</summary>
    private static async Task<IResult> PlaceAsync(OrderRequest request, OrderStore store, WriteGate gate, HttpResponse response)
    {
        if (request.Fault is { } fault)
        {
            return Refuse(StatusCodes.Status400BadRequest, fault);
        }

        if (!gate.TryEnter())
        {
            return RefuseReadOnly(response);
        }

        try
        {
            var now = TimeProvider.System.GetUtcNow();
            var id = request.Id ?? OrderId.New(now);

            // A write that has begun is ended although the customer may be gone: the pause counts it until then.
            var stored = await store.PlaceAsync(request, id, now, CancellationToken.None);
            if (stored is null)
            {
                return Refuse(StatusCodes.Status409Conflict, $"Order {id} exists and is a different one.");
            }

            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = $"/orders/{id}";
            return Results.Bytes(stored, "application/json");
        }
        finally
        {
            gate.Leave();
        }
    }

    private static async Task<IResult> ReadAsync(string id, OrderStore store, CancellationToken cancellationToken) =>
        OrderId.IsValid(id) && await store.ReadAsync(id, cancellationToken) is { } stored
            ? Results.Bytes(stored, "application/json")
            : Refuse(StatusCodes.Status404NotFound, "There is no such order.");

    private static IResult RefuseReadOnly(HttpResponse response)
    {
        response.Headers.RetryAfter = "1";
        return Refuse(StatusCodes.Status503ServiceUnavailable, "The shop is read-only for a moment. Send the same order again.");
    }

    public static IResult Refuse(int status, string error) =>
        Results.Json(new Refusal(error), ShopJson.Default.Refusal, statusCode: status);
}
