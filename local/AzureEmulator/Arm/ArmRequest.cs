using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>One call, from the wire or from a deployment that creates its resources through the same routes.</summary>
internal sealed class ArmRequest
{
    public required string Method { get; init; }

    public required ArmTarget Target { get; init; }

    public JsonNode? Body { get; init; }

    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the caller reached us; links lead back there.</summary>
    public required string Endpoint { get; init; }

    public required string ApiVersion { get; init; }

    public string RequestId { get; init; } = Guid.NewGuid().ToString();

    public string CorrelationId { get; init; } = Guid.NewGuid().ToString();

    public JsonObject BodyObject => Body as JsonObject
        ?? throw ArmException.Of(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: 'A JSON object is expected.'.");

    public string Link(string path, string? more = null) => $"{Endpoint}{path}?{(more is null ? "" : more + "&")}api-version={ApiVersion}";

    /// <summary>A call that this one makes on its way, under the same correlation id.</summary>
    public ArmRequest Inner(string method, string path, JsonNode? body = null, string? apiVersion = null) => new()
    {
        Method = method,
        Target = ArmTarget.Parse(path),
        Body = body,
        Endpoint = Endpoint,
        ApiVersion = apiVersion ?? ApiVersion,
        CorrelationId = CorrelationId,
    };
}
