using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Local.AzureEmulator.Control;

/// <summary>Which calls a fault is for. Calls that match are counted from one.</summary>
/// <param name="Method">Null for any.</param>
/// <param name="Path">A regular expression over the path, ignoring case.</param>
/// <param name="Host">Given, the fault is for requests to sites, and this regular expression is over their host name.</param>
/// <param name="Nth">Only the nth match.</param>
/// <param name="After">Not the first so many.</param>
/// <param name="Times">At most so many times.</param>
internal sealed record FaultMatch(string? Method = null, string? Path = null, string? Host = null, int? Nth = null, int? After = null, int? Times = null);

internal sealed record Throttle(int RetryAfter = 10);

/// <summary>What happens instead of the answer: a status with a body, 429, a delay, a reset connection. A delay can go with any of them.</summary>
internal sealed record FaultAction(int? Status = null, JsonNode? Body = null, Dictionary<string, string>? Headers = null, Throttle? Throttle = null, int? DelayMs = null, bool Drop = false);

internal enum FaultTime
{
    /// <summary>The call has no effect.</summary>
    Before,

    /// <summary>The call has its effect; its answer is lost, replaced or late.</summary>
    After,
}

internal sealed class Fault(string id, FaultMatch match, FaultAction action, FaultTime when)
{
    private readonly Regex? _path = Pattern(match.Path);
    private readonly Regex? _host = Pattern(match.Host);
    private int _matched;
    private int _applied;

    public string Id => id;

    public FaultMatch Match => match;

    public FaultAction Action => action;

    public FaultTime When => when;

    public int Matched => _matched;

    public int Applied => _applied;

    /// <summary>Counts the call and says whether the fault applies to it. Called under the book's lock.</summary>
    public bool Takes(string method, string? host, string path)
    {
        if ((_host is null) != (host is null)) return false;
        if (_host is not null && !_host.IsMatch(host!)) return false;
        if (match.Method is not null && !match.Method.Equals(method, StringComparison.OrdinalIgnoreCase)) return false;
        if (_path is not null && !_path.IsMatch(path)) return false;
        _matched++;
        if (match.Nth is { } nth && _matched != nth) return false;
        if (match.After is { } after && _matched <= after) return false;
        if (match.Times is { } times && _applied >= times) return false;
        _applied++;
        return true;
    }

    private static Regex? Pattern(string? pattern) =>
        pattern is null ? null : new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

/// <summary>The faults that are set. The first that takes a call has it.</summary>
internal sealed class FaultBook
{
    private readonly Lock _sync = new();
    private List<Fault> _faults = [];
    private int _ids;

    /// <summary>Lets the front end's forwarding path skip all of this.</summary>
    public bool HasSiteFaults { get; private set; }

    public Fault Add(FaultMatch match, FaultAction action, FaultTime when)
    {
        lock (_sync)
        {
            var fault = new Fault($"{++_ids}", match, action, when);
            Replace([.. _faults, fault]);
            return fault;
        }
    }

    public IReadOnlyList<Fault> All()
    {
        lock (_sync) return _faults;
    }

    public bool Remove(string id)
    {
        lock (_sync)
        {
            var found = _faults.Exists(fault => fault.Id == id);
            Replace([.. _faults.Where(fault => fault.Id != id)]);
            return found;
        }
    }

    public void Clear()
    {
        lock (_sync) Replace([]);
    }

    public Fault? Take(string method, string? host, string path)
    {
        lock (_sync) return _faults.Find(fault => fault.Takes(method, host, path));
    }

    private void Replace(List<Fault> faults)
    {
        _faults = faults;
        HasSiteFaults = faults.Exists(fault => fault.Match.Host is not null);
    }
}
