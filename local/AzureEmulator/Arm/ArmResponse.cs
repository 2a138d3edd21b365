using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>An answer before it is written, so that a fault can still lose or replace it.</summary>
internal sealed record ArmResponse(int Status, JsonNode? Body = null)
{
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static ArmResponse Ok(JsonNode? body = null) => new(200, body);

    public static ArmResponse List(IEnumerable<JsonNode?> items) => new(200, new JsonObject
    {
        ["value"] = new JsonArray([.. items]),
        ["nextLink"] = null,
    });

    public static ArmResponse Accepted(string location, int retryAfterSeconds) =>
        new ArmResponse(202).With("Location", location).With("Retry-After", $"{retryAfterSeconds}");

    public ArmResponse With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}
