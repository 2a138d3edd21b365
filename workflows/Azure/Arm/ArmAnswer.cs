using System.Text.Json.Nodes;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>What Resource Manager answered to a call that it did not refuse.</summary>
/// <param name="Status">200, 201, 202, 204; 404 and 409 where the caller said that they are answers.</param>
/// <param name="Body">The body; null where there was none.</param>
/// <param name="Poll">Where to ask how a long operation goes (<c>Azure-AsyncOperation</c>, else <c>Location</c>); null where there is none.</param>
/// <param name="RetryAfter">How long the service asks to wait before the next poll.</param>
public sealed record ArmAnswer(int Status, JsonNode? Body, Uri? Poll, TimeSpan? RetryAfter)
{
    public JsonNode? this[string path] => path.Split('.').Aggregate(Body, (node, name) => node is JsonObject owner ? owner[name] : null);

    public string? Text(string path) => this[path] is JsonValue value ? value.ToString() : null;
}
