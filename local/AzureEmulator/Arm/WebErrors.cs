using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>Microsoft.Web answers without ARM's envelope: the code stands in <c>Code</c>, and the details repeat it three times.</summary>
internal static class WebErrors
{
    public static ArmException Of(int status, string code, string message, string extendedCode, string template, params string[] parameters) =>
        new(status, code, message, new JsonObject
        {
            ["Code"] = code,
            ["Message"] = message,
            ["Target"] = null,
            ["Details"] = new JsonArray(
                new JsonObject { ["Message"] = message },
                new JsonObject { ["Code"] = code },
                new JsonObject
                {
                    ["ErrorEntity"] = new JsonObject
                    {
                        ["ExtendedCode"] = extendedCode,
                        ["MessageTemplate"] = template,
                        ["Parameters"] = new JsonArray([.. parameters.Select(parameter => (JsonNode?)parameter)]),
                        ["Code"] = code,
                        ["Message"] = message,
                    },
                }),
            ["Innererror"] = null,
        });

    public static ArmException BadRequest(string message) => Of(400, "BadRequest", message, "51021", message);

    public static ArmException Conflict(string message) => Of(409, "Conflict", message, "01020", message);

    public static ArmException OperationInProgress(Guid id, string operation, DateTimeOffset created, string requestId)
    {
        var details = $"Id: {id}, OperationName: {operation}, CreatedTime: {created.UtcDateTime:M/d/yyyy h:mm:ss tt}, RequestId: {requestId}, EntityType: 3";
        const string Template = "Cannot modify this site because another operation is in progress. Details: {0}";
        return Of(409, "Conflict", Template.Replace("{0}", details, StringComparison.Ordinal), "59203", Template, details);
    }
}
