using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Locks;

/// <summary>A management lock; it holds for its scope and everything below.</summary>
internal sealed record ManagementLock(string Scope, string Name, string Level, string? Notes, JsonArray? Owners)
{
    public string Id => $"{Scope}/providers/Microsoft.Authorization/locks/{Name}";

    public JsonObject ToJson()
    {
        var properties = new JsonObject { ["level"] = Level };
        if (Notes is not null) properties["notes"] = Notes;
        if (Owners is not null) properties["owners"] = Owners.DeepClone();
        return new JsonObject { ["id"] = Id, ["name"] = Name, ["type"] = "Microsoft.Authorization/locks", ["properties"] = properties };
    }
}

internal sealed class LockStore
{
    /// <summary>POST calls that only look, which a ReadOnly lock lets pass.</summary>
    private static readonly string[] Looking = ["/validate", "/whatif", "/exporttemplate", "/checknameavailability"];

    private readonly ConcurrentDictionary<string, ManagementLock> _locks = new(StringComparer.OrdinalIgnoreCase);

    public ManagementLock? Find(string scope, string name) => _locks.GetValueOrDefault($"{scope}/{name}");

    /// <returns>Whether it is new.</returns>
    public bool Put(ManagementLock one)
    {
        var key = $"{one.Scope}/{one.Name}";
        var added = !_locks.ContainsKey(key);
        _locks[key] = one;
        return added;
    }

    public bool Remove(string scope, string name) => _locks.TryRemove($"{scope}/{name}", out _);

    public void Clear() => _locks.Clear();

    /// <summary>The locks at a scope, above it and below it: what ARM lists for the scope.</summary>
    public IEnumerable<ManagementLock> Touching(string scope) =>
        _locks.Values.Where(one => Covers(one.Scope, scope) || Covers(scope, one.Scope)).OrderBy(one => one.Id, StringComparer.Ordinal);

    /// <exception cref="ArmException">409 ScopeLocked.</exception>
    public void Enforce(ArmRequest request)
    {
        var target = request.Target;
        if (request.Method is "GET" or "HEAD" || target.Subscription is null || IsLockItself(target)) return;
        if (request.Method is "POST" && Array.Exists(Looking, target.Pattern.EndsWith)) return;
        var scope = ArmTarget.Normalize(target.Path);
        var deleting = request.Method is "DELETE";
        // Deleting takes everything below along, so a locked child holds too; the deletion is never partial.
        var holding = _locks.Values
            .Where(one => deleting ? Covers(one.Scope, scope) || Covers(scope, one.Scope) : one.Level == "ReadOnly" && Covers(one.Scope, scope))
            .Select(one => one.Scope)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (holding.Count == 0) return;
        var verb = deleting ? "delete" : "write";
        throw ArmException.Of(
            409,
            "ScopeLocked",
            $"The scope '{scope}' cannot perform {verb} operation because following scope(s) are locked: '{string.Join(',', holding)}'. Please remove the lock and try again.");
    }

    private static bool IsLockItself(ArmTarget target) => target.Pattern.StartsWith("microsoft.authorization/locks", StringComparison.Ordinal);

    private static bool Covers(string scope, string path) =>
        path.StartsWith(scope, StringComparison.OrdinalIgnoreCase) && (path.Length == scope.Length || path[scope.Length] == '/');
}
