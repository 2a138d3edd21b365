using System.Text.Json.Nodes;

namespace Orchestrator.Storm;

/// <summary>A fault that the emulator is told of just before the cut-over.</summary>
/// <param name="After">So many calls of the kind pass first.</param>
/// <param name="Times">Null: until the run stops at a person, or a while has passed.</param>
/// <param name="Status">What is answered in place of the answer.</param>
/// <param name="IsLost">The connection is dropped.</param>
internal sealed record Fault(CallKind Kind, bool HasEffect, int After, int? Times, int? Status, int? DelayMs, bool IsLost)
{
    /// <summary>The site does not let writes be paused: the run is undone.</summary>
    public static Fault RefusedPause { get; } = new(CallKind.ReadOnly, HasEffect: false, After: 0, Times: 1, Status: 409, DelayMs: null, IsLost: false);

    /// <summary>A refusal is no weather: the product may take it for an answer and stop, or undo everything.</summary>
    public bool IsRefusal => Times is null || Status is 409;

    public JsonObject Order()
    {
        var match = new JsonObject { ["method"] = Kind.Method, ["path"] = Kind.Path, ["after"] = After };
        if (Kind.Host is { } host) match["host"] = host;
        if (Times is { } times) match["times"] = times;
        var action = new JsonObject();
        if (Status is 429) action["throttle"] = new JsonObject { ["retryAfter"] = 1 };
        else if (Status is { } status) (action["status"], action["body"]) = (status, Body());
        if (DelayMs is { } delay) action["delayMs"] = delay;
        if (IsLost) action["drop"] = true;
        return new JsonObject { ["match"] = match, ["action"] = action, ["when"] = HasEffect ? "after" : "before" };
    }

    private static JsonObject Body() => new() { ["error"] = new JsonObject { ["code"] = "Storm", ["message"] = "The storm answers." } };

    public override string ToString() =>
        $"{Kind.Name} is answered {(IsLost ? "not at all" : Status is { } status ? $"{status}" : "late")}{(DelayMs is { } delay ? $" after {delay} ms" : "")}, "
        + $"{(HasEffect ? "after" : "before")} its effect, {(Times is { } times ? $"{times} times" : "for long")}{(After > 0 ? $" from call {After + 1} on" : "")}";
}

/// <summary>A kind of call in the cut-over.</summary>
/// <param name="Host">A call to the site with that host; null for one to ARM.</param>
internal sealed record CallKind(string Name, string Method, string Path, string? Host = null)
{
    private const string Production = @"^shop\.";

    public static CallKind Reset { get; } = new("resetSlotConfig", "POST", "/resetSlotConfig$");

    public static CallKind ReadOnly { get; } = new("read-only", "POST", "^/admin/read-only$", Production);

    public static IReadOnlyList<CallKind> All { get; } =
    [
        new("applySlotConfig", "POST", "/applySlotConfig$"),
        new("slotsswap", "POST", "/slotsswap$"),
        new("the poll of the swap", "GET", "/operationresults/"),
        new("GET site", "GET", "/sites/shop$"),
        Reset,
        new("the slot's page", "GET", "^/", @"^shop-v2\."),
        ReadOnly,
        new("read-write", "POST", "^/admin/read-write$", Production),
    ];

    public Trigger Trigger => new(Name, Method, Path);

    /// <summary>Whether the emulator's log of calls to ARM, or the shop's own, shows it.</summary>
    public bool IsSeen => Host is null || Path.Contains("/admin/", StringComparison.Ordinal);
}
