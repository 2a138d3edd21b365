using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Locks;

/// <summary>Management locks on subscriptions, groups and resources.</summary>
internal sealed class LocksApi(LockStore locks)
{
    public void Map(ArmRouter router)
    {
        const string Pattern = "Microsoft.Authorization/locks/*";
        router.Map("PUT", Pattern, Put);
        router.Map("GET", Pattern, request => ArmResponse.Ok(Require(request).ToJson()));
        router.Map("DELETE", Pattern, request => new ArmResponse(locks.Remove(ScopeOf(request), NameOf(request)) ? 200 : 204));
        router.Map("GET", "Microsoft.Authorization/locks", request => ArmResponse.List(locks.Touching(ScopeOf(request)).Select(one => one.ToJson())));
    }

    private static string ScopeOf(ArmRequest request) => ArmTarget.Normalize(request.Target.Scope);

    private static string NameOf(ArmRequest request) => request.Target.Names[0];

    private ManagementLock Require(ArmRequest request) => locks.Find(ScopeOf(request), NameOf(request))
        ?? throw ArmException.Of(404, "LockNotFound", $"The lock '{NameOf(request)}' could not be found.");

    private ArmResponse Put(ArmRequest request)
    {
        var properties = request.BodyObject.At("properties");
        var level = properties.Text("level") switch
        {
            { } text when text.Equals("CanNotDelete", StringComparison.OrdinalIgnoreCase) => "CanNotDelete",
            { } text when text.Equals("ReadOnly", StringComparison.OrdinalIgnoreCase) => "ReadOnly",
            var other => throw ArmException.Of(400, "InvalidLockLevel", $"The lock level '{other}' is invalid. The level is CanNotDelete or ReadOnly."),
        };
        var one = new ManagementLock(ScopeOf(request), NameOf(request), level, properties.Text("notes"), properties.At("owners")?.DeepClone() as JsonArray);
        return new ArmResponse(locks.Put(one) ? 201 : 200, one.ToJson());
    }
}
