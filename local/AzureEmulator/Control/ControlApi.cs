using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;
using Orchestrator.Local.AzureEmulator.Locks;
using Orchestrator.Local.AzureEmulator.Monitor;
using Orchestrator.Local.AzureEmulator.Web;

namespace Orchestrator.Local.AzureEmulator.Control;

/// <summary>What tests and demos see and set: the call log, the faults, the state, and a reset. Plain HTTP, no sign-in.</summary>
internal sealed class ControlApi(
    CallLog calls, FaultBook faults, ActivityLog activity, LockStore locks, GroupStore groups, SiteStore sites, IReadOnlyList<IGroupContents> contents)
{
    private static readonly JsonSerializerOptions Options = new(Json.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public async Task InvokeAsync(HttpContext http)
    {
        var path = (http.Request.Path.Value ?? "").Trim('/')["_emulator".Length..].Trim('/');
        try
        {
            await (($"{http.Request.Method} {path}") switch
            {
                "GET calls" => WriteAsync(http, 200, Find(http.Request.Query)),
                "DELETE calls" => DoAsync(http, calls.Clear),
                "GET faults" => WriteAsync(http, 200, faults.All().Select(Show)),
                "POST faults" => AddFaultAsync(http),
                "DELETE faults" => DoAsync(http, faults.Clear),
                "GET state" => WriteAsync(http, 200, StateSummary.Of(sites)),
                "GET requests" => WriteAsync(http, 200, StateSummary.Requests(sites)),
                "POST reset" => ResetAsync(http),
                _ when http.Request.Method == "DELETE" && path.StartsWith("faults/", StringComparison.Ordinal) =>
                    WriteAsync(http, faults.Remove(path["faults/".Length..]) ? 200 : 404, new JsonObject()),
                _ => WriteAsync(http, 404, new JsonObject { ["error"] = $"There is no {http.Request.Method} /_emulator/{path}." }),
            });
        }
        catch (Exception bad) when (bad is JsonException or RegexParseException or BadHttpRequestException)
        {
            await WriteAsync(http, 400, new JsonObject { ["error"] = bad.Message });
        }
    }

    private static Task WriteAsync<T>(HttpContext http, int status, T body)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(body, Options, http.RequestAborted);
    }

    private static Task DoAsync(HttpContext http, Action action)
    {
        action();
        return WriteAsync(http, 200, new JsonObject());
    }

    private static object Show(Fault fault) => new { fault.Id, fault.Match, fault.Action, fault.When, fault.Matched, fault.Applied };

    private IEnumerable<Call> Find(IQueryCollection query)
    {
        var method = query["method"].ToString();
        var path = query["path"].ToString();
        var pattern = path.Length == 0 ? null : new Regex(path, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return calls.All()
            .Where(call => method.Length == 0 || method.Equals(call.Method, StringComparison.OrdinalIgnoreCase))
            .Where(call => pattern is null || pattern.IsMatch(call.Path));
    }

    private async Task AddFaultAsync(HttpContext http)
    {
        var order = await http.Request.ReadFromJsonAsync<FaultOrder>(Options, http.RequestAborted) ?? throw new JsonException("A fault is expected.");
        var action = order.Action;
        if (action is { Status: null, Throttle: null, DelayMs: null, Drop: false })
            throw new JsonException("An action is a status, throttle, delayMs or drop.");
        await WriteAsync(http, 201, Show(faults.Add(order.Match, action, order.When)));
    }

    /// <summary>Forgets everything: resources, locks, faults, calls. Processes end.</summary>
    private async Task ResetAsync(HttpContext http)
    {
        foreach (var provider in contents) await provider.RemoveAsync(null, null);
        groups.Clear();
        locks.Clear();
        faults.Clear();
        calls.Clear();
        activity.Clear();
        await WriteAsync(http, 200, new JsonObject());
    }

    private sealed record FaultOrder(FaultMatch Match, FaultAction Action, FaultTime When = FaultTime.Before);
}
