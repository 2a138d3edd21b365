using System.Text.Json.Serialization;

namespace Orchestrator.Local.Demo.Results;

/// <summary>What the demo found; with <c>--json</c> the last line of standard output.</summary>
internal sealed record Result
{
    public required string Status { get; init; }
    public string? ServedVersion { get; init; }
    public int Requests { get; init; }
    public int FailedRequests { get; init; }
    public double RequestsPerSecond { get; init; }

    /// <summary>Over the slowest five seconds.</summary>
    public double LowestRequestsPerSecond { get; init; }

    /// <summary>Orders that were acknowledged.</summary>
    public int Writes { get; init; }

    /// <summary>Acknowledged orders that are not, byte for byte, where the shop keeps its orders now.</summary>
    public int LostWrites { get; init; }

    /// <summary>Writes that were asked to come again during the pause, and did.</summary>
    public int RepeatedWrites { get; init; }

    public long? WritePauseMs { get; init; }

    /// <summary>Of the swap back; null without one.</summary>
    public long? RollbackWritePauseMs { get; init; }

    /// <summary>As customers saw it: the longest that an order took to be acknowledged.</summary>
    public long LongestWriteMs { get; init; }

    /// <summary>Media in the container that the shop serves from.</summary>
    public int Objects { get; init; }

    /// <summary>Media that are missing, changed or too many, in the source or in the served container.</summary>
    public int Mismatches { get; init; }

    /// <summary>Swaps that the emulator accepted, from its call log.</summary>
    public int Swaps { get; init; }

    /// <summary>What a run that was undone should have removed or put back.</summary>
    public IReadOnlyList<string> LeftBehind { get; init; } = [];

    public string? KillAt { get; init; }

    /// <summary>Whether the app was killed while the step ran; absent without <c>--kill-at</c>.</summary>
    public bool? Killed { get; init; }

    public string? FailAt { get; init; }

    /// <summary>The step that failed and its code, as the run tells it.</summary>
    public string? Failure { get; init; }

    public long DurationMs { get; init; }
    public string? Report { get; init; }

    /// <summary>With <c>--keep</c>: where everything is, by name.</summary>
    public IReadOnlyDictionary<string, string>? Addresses { get; init; }

    /// <summary>With <c>--keep</c>: a bearer token for each role.</summary>
    public IReadOnlyDictionary<string, string>? Tokens { get; init; }

    /// <summary>Everything that is not as it should be; empty means success.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Result))]
internal sealed partial class ResultJson : JsonSerializerContext;
