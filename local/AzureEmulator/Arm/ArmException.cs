using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>A refusal in ARM's envelope, or in whatever shape <paramref name="body"/> has (Microsoft.Web has its own).</summary>
internal sealed class ArmException(int status, string code, string message, JsonObject body) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public JsonObject Body { get; } = body;

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static ArmException Of(int status, string code, string message, string? target = null, JsonArray? details = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (target is not null) error["target"] = target;
        if (details is not null) error["details"] = details;
        return new ArmException(status, code, message, new JsonObject { ["error"] = error });
    }

    /// <summary>A 404 that ARM makes itself, without asking the provider.</summary>
    public static ArmException GatewayNotFound(string code, string message)
    {
        var exception = Of(404, code, message);
        exception.Headers["x-ms-failure-cause"] = "gateway";
        return exception;
    }

    public static ArmException ResourceNotFound(string type, string group) => GatewayNotFound(
        "ResourceNotFound",
        $"The Resource '{type}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");

    public ArmResponse ToResponse()
    {
        var response = new ArmResponse(Status, Body.DeepClone());
        foreach (var (name, value) in Headers) response.Headers[name] = value;
        return response;
    }
}
