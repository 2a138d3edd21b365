using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Storm;

/// <summary>The emulator's own calls: faults, what was asked of ARM, what runs where.</summary>
internal sealed class Control(Uri address, ShopRuntime shops) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };
    private long _mark;

    /// <summary>From now on calls are counted.</summary>
    public async Task MarkAsync(CancellationToken cancellationToken) =>
        _mark = (await CallsAsync(cancellationToken)).Select(call => call!["seq"]!.GetValue<long>()).DefaultIfEmpty().Max();

    /// <summary>How many calls of a kind there were since the mark.</summary>
    public async Task<int> CountAsync(Trigger trigger, CancellationToken cancellationToken)
    {
        if (trigger.Path!.Contains("/admin/", StringComparison.Ordinal)) return shops.Switched.Count(call => trigger.Path.Contains(call.Path, StringComparison.Ordinal));
        var query = string.Create(CultureInfo.InvariantCulture, $"?method={trigger.Method}&path={Uri.EscapeDataString(trigger.Path)}");
        return (await CallsAsync(cancellationToken, query)).Count(call => call!["seq"]!.GetValue<long>() > _mark);
    }

    public async Task<JsonArray> CallsAsync(CancellationToken cancellationToken, string query = "") =>
        (await _http.GetFromJsonAsync<JsonArray>($"calls{query}", cancellationToken))!;

    public async Task<JsonNode> StateAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<JsonNode>("state", cancellationToken))!["sites"]![0]!;

    public async Task SetAsync(Fault fault, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync("faults", fault.Order(), cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>How often each fault struck.</summary>
    public async Task<IReadOnlyList<int>> StruckAsync(CancellationToken cancellationToken) =>
        [.. (await _http.GetFromJsonAsync<JsonArray>("faults", cancellationToken))!.Select(fault => fault!["applied"]!.GetValue<int>())];

    public async Task LiftAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync("faults", cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
