using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Shop;

/// <param name="Uptime">Since the process started; ISO 8601 is not worth a converter here: hh:mm:ss.</param>
internal sealed record AdminState(bool ReadOnly, string Version, TimeSpan Uptime);

/// <summary>What a migration calls. With ADMIN_KEY set, each call must carry it in <c>x-admin-key</c>.</summary>
internal static class AdminEndpoints
{
    /// <summary>Longer than any write may take; a write that hangs fails the pause, which can be asked for again.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(40);

    public static void MapAdmin(this WebApplication app)
    {
        var admin = app.MapGroup("/admin");
        admin.AddEndpointFilter(async (call, next) =>
            HasKey(call.HttpContext.Request, call.HttpContext.RequestServices.GetRequiredService<ShopSettings>())
                ? await next(call)
                : Results.StatusCode(StatusCodes.Status401Unauthorized));
        admin.MapPost("/read-only", CloseAsync);
        admin.MapPost("/read-write", Open);
        admin.MapGet("/state", State);
    }

    private static async Task<IResult> CloseAsync(WriteGate gate, HttpResponse response, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DrainLimit);
        try
        {
            await gate.CloseAsync(limit.Token);
            return State(gate);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            response.Headers.RetryAfter = "1";
            return OrderEndpoints.Refuse(StatusCodes.Status503ServiceUnavailable, "New writes are refused; some in flight have not ended yet.");
        }
    }

    private static IResult Open(WriteGate gate)
    {
        gate.Open();
        return State(gate);
    }

    private static IResult State(WriteGate gate) => Results.Json(
        new AdminState(gate.IsReadOnly, Release.Name, DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime()),
        ShopJson.Default.AdminState);

    private static bool HasKey(HttpRequest request, ShopSettings settings) =>
        settings.AdminKey is null
        || CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(settings.AdminKey), Encoding.UTF8.GetBytes(request.Headers["x-admin-key"].ToString()));
}
