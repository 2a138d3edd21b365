using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestrator.Benchmarks.Footprint;

/// <summary>The emulator's log of what was asked of Resource Manager.</summary>
internal sealed class ArmCalls(Uri control) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http = new() { BaseAddress = control };

    public void Dispose() => _http.Dispose();

    public async Task<IReadOnlyList<LoggedCall>> AllAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<LoggedCall[]>("calls", Json, cancellationToken))!;

    public static Counts Of(IEnumerable<LoggedCall> calls)
    {
        var counts = new Counts();
        foreach (var call in calls) counts[$"arm.{call.Kind}"]++;
        return counts;
    }

    /// <summary>The most that fell into any such span of time.</summary>
    public static int Busiest(IEnumerable<LoggedCall> calls, string kind, TimeSpan span)
    {
        var times = calls.Where(call => call.Kind == kind).Select(call => call.Time).Order().ToList();
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] >= span) first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}

/// <summary>One call.</summary>
internal sealed record LoggedCall(string Method, string Path, DateTimeOffset Time)
{
    public const string Reads = "reads";

    /// <summary>Resource Manager limits reads, deletes and everything else apart; a POST that lists counts as everything else.</summary>
    public string Kind => Method switch { "GET" or "HEAD" => Reads, "DELETE" => "deletes", _ => "writes" };
}
