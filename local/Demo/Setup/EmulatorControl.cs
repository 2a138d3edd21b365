using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.Demo.Setup;

/// <summary>The emulator's own calls: faults to set, and the log of what was asked of ARM.</summary>
internal sealed class EmulatorControl(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Makes the step fail for good. <c>sync</c> is not here: it never asks ARM (see <see cref="World.BlobProxy"/>).</summary>
    public async Task FailAsync(string step, CancellationToken cancellationToken)
    {
        var match = step switch
        {
            "provision" => new JsonObject { ["method"] = "PUT", ["path"] = "/slots/[^/]+/extensions/" },
            "verify" => new JsonObject { ["host"] = @"^shop-v2\.", ["path"] = "^/cart$" },
            "cutOver" => new JsonObject { ["method"] = "POST", ["path"] = "/slotsswap$" },
            _ => null,
        };
        if (match is null)
        {
            return;
        }

        var fault = new JsonObject
        {
            ["match"] = match,
            ["action"] = new JsonObject
            {
                ["status"] = 500,
                ["body"] = new JsonObject
                {
                    ["error"] = new JsonObject { ["code"] = "InternalServerError", ["message"] = "There was an unexpected error." },
                },
            },
        };
        using var answer = await http.PostAsJsonAsync("/_emulator/faults", fault, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<IReadOnlyList<ArmCall>> CallsAsync(CancellationToken cancellationToken)
    {
        var answer = await http.GetFromJsonAsync<JsonNode>("/_emulator/calls", cancellationToken);
        return (answer as JsonArray ?? answer!["value"])!.Deserialize<ArmCall[]>(Json)!;
    }
}

internal sealed record ArmCall(string Method, string Path, int Status, int? EffectStatus)
{
    /// <summary>A swap that really began, whatever its caller was told.</summary>
    public bool IsAcceptedSwap =>
        Method == "POST" && Path.EndsWith("/slotsswap", StringComparison.OrdinalIgnoreCase) && (EffectStatus ?? Status) is >= 200 and < 300;
}
