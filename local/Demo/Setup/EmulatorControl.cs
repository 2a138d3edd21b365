using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.Demo.Setup;

/// <summary>The emulator's own calls: faults to set, and the log of what was asked of ARM.</summary>
internal sealed class EmulatorControl(Uri address) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http = new() { BaseAddress = address };

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
        using var answer = await _http.PostAsJsonAsync("faults", fault, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<IReadOnlyList<ArmCall>> CallsAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<ArmCall[]>("calls", Json, cancellationToken))!;

    /// <summary>Whether a swap has been asked for.</summary>
    public async Task<bool> HasSwapAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<ArmCall[]>("calls?method=POST&path=/slotsswap$", Json, cancellationToken))!.Length > 0;

    public void Dispose() => _http.Dispose();
}

internal sealed record ArmCall(string Method, string Path, int Status, int? EffectStatus)
{
    /// <summary>A swap that really began, whatever its caller was told.</summary>
    public bool IsAcceptedSwap =>
        Method == "POST" && Path.EndsWith("/slotsswap", StringComparison.OrdinalIgnoreCase) && (EffectStatus ?? Status) is >= 200 and < 300;

    public bool IsOf(string resource) => Path.StartsWith($"{resource}/", StringComparison.OrdinalIgnoreCase);
}
