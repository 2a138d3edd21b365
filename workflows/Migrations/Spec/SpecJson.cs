using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Migrations;

/// <summary>JSON as the API speaks it: camelCase, nothing null, ISO 8601 durations, UTC times.</summary>
public static class SpecJson
{
    public static readonly JsonSerializerOptions Options = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            // The relaxed encoder keeps names and reasons readable; none of this JSON is ever put inside HTML unescaped.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new IsoDurationConverter(),
                new UtcTimeConverter(),
                new WallClockConverter(),
                new DayConverter(),
                new ApprovalConverter(),
            },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
