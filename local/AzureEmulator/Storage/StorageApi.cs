using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;
using Orchestrator.Local.AzureEmulator.Operations;

namespace Orchestrator.Local.AzureEmulator.Storage;

/// <summary>Storage accounts. A new one answers 202 and stays invisible until it is done.</summary>
internal sealed partial class StorageApi(StorageStore store, GroupStore groups, LongOperations operations, EmulatorOptions options) : IGroupContents
{
    public const string Account = "Microsoft.Storage/storageAccounts/*";

    public void Map(ArmRouter router)
    {
        router.Map("PUT", Account, Put);
        router.Map("GET", Account, request => ArmResponse.Ok(Json(store.Require(request))));
        router.Map("PATCH", Account, Patch);
        router.Map("DELETE", Account, request => new ArmResponse(store.Find(request.Target) is { } account && store.Remove(account) ? 200 : 204));
        router.Map("GET", "Microsoft.Storage/storageAccounts", request => ArmResponse.List(store.Of(request.Target.Subscription!, request.Target.Group).Select(Json)));
        router.Map("POST", Account + "/listKeys", request => ArmResponse.Ok(Keys(store.Require(request))));
        router.Map("POST", Account + "/regenerateKey", Regenerate);
        router.Map("POST", "Microsoft.Storage/checkNameAvailability", CheckName);
        router.Map("GET", "Microsoft.Storage/locations/*/asyncoperations/*", PollAsync);
    }

    public IEnumerable<JsonObject> List(string subscription, string? group) => store.Of(subscription, group).Select(account =>
    {
        var json = Json(account);
        json.Remove("properties");
        return json;
    });

    public Task RemoveAsync(string? subscription, string? group)
    {
        if (subscription is null) store.Clear();
        else foreach (var account in store.Of(subscription, group).ToList()) store.Remove(account);
        return Task.CompletedTask;
    }

    [GeneratedRegex("^[a-z0-9]{3,24}$")]
    private static partial Regex ValidName();

    private JsonObject Json(StorageAccount account) => account.ToJson(options.BlobEndpoint);

    private ArmResponse Put(ArmRequest request)
    {
        var target = request.Target;
        groups.Require(target.Subscription!, target.Group!);
        var body = request.BodyObject;
        var (name, location) = (target.Names[0], body.Text("location"));
        if (!ValidName().IsMatch(name))
        {
            throw ArmException.Of(
                400, "AccountNameInvalid", $"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.");
        }

        if (location is null) throw ArmException.Of(400, "LocationRequired", "The location property is required for this definition.");
        if (store.Find(target) is { } existing)
        {
            Apply(existing, body);
            return ArmResponse.Ok(Json(existing));
        }

        if (!store.Reserve(name)) throw ArmException.Of(409, "StorageAccountAlreadyTaken", $"The storage account named {name} is already taken.");
        var account = New(target, location, body);
        var operation = Guid.NewGuid().ToString();
        operations.Start(operation, async stop =>
        {
            await Task.Delay(options.Durations.StorageAccountWrite, stop);
            store.Add(account);
            return ArmResponse.Ok(Json(account));
        });
        return ArmResponse.Accepted(Link(request, location, operation), options.RetryAfterSeconds);
    }

    private StorageAccount New(ArmTarget target, string location, JsonObject body)
    {
        var key = options.BlobAccounts.GetValueOrDefault(target.Names[0]) ?? StorageAccount.NewKey();
        var account = new StorageAccount(target.Subscription!, target.Group!, target.Names[0], location)
        {
            Sku = body.Text("sku", "name") ?? throw ArmException.Of(400, "InvalidRequestPropertyValue", "The value of 'sku.name' is missing."),
            Kind = body.Text("kind") ?? "StorageV2",
            Keys = [key, StorageAccount.NewKey()],
        };
        Apply(account, body);
        return account;
    }

    private static void Apply(StorageAccount account, JsonObject body)
    {
        if (body.Text("sku", "name") is { } sku) account.Sku = sku;
        if (body.At("tags") is JsonObject tags) account.Tags = (JsonObject)tags.DeepClone();
        if (body.At("properties") is JsonObject properties) Arm.Json.Merge(account.Properties, properties);
    }

    private ArmResponse Patch(ArmRequest request)
    {
        var account = store.Require(request);
        Apply(account, request.BodyObject);
        return ArmResponse.Ok(Json(account));
    }

    private static JsonObject Keys(StorageAccount account) => new()
    {
        ["keys"] = new JsonArray([.. account.Keys.Select((key, index) => (JsonNode?)new JsonObject
        {
            ["keyName"] = $"key{index + 1}",
            ["permissions"] = "Full",
            ["value"] = key,
        })]),
    };

    private ArmResponse Regenerate(ArmRequest request)
    {
        var account = store.Require(request);
        var index = request.BodyObject.Text("keyName") switch
        {
            "key1" => 0,
            "key2" => 1,
            var other => throw ArmException.Of(400, "InvalidRequestPropertyValue", $"The value '{other}' of 'keyName' is not valid."),
        };
        if (index == 0 && options.BlobAccounts.ContainsKey(account.Name))
            throw ArmException.Of(409, "OperationNotAllowed", "The first key of this account is fixed: the blob server was started with it.");
        account.Keys = [.. account.Keys.Select((key, at) => at == index ? StorageAccount.NewKey() : key)];
        return ArmResponse.Ok(Keys(account));
    }

    private ArmResponse CheckName(ArmRequest request)
    {
        var name = request.BodyObject.Text("name") ?? "";
        if (!ValidName().IsMatch(name)) return Unavailable("AccountNameInvalid", $"{name} is not a valid storage account name.");
        return store.Exists(name)
            ? Unavailable("AlreadyExists", $"The storage account named {name} is already taken.")
            : ArmResponse.Ok(new JsonObject { ["nameAvailable"] = true });
    }

    private static ArmResponse Unavailable(string reason, string message) =>
        ArmResponse.Ok(new JsonObject { ["nameAvailable"] = false, ["reason"] = reason, ["message"] = message });

    private Task<ArmResponse> PollAsync(ArmRequest request, CancellationToken cancellationToken) =>
        operations.PollAsync(request.Target.Names[1], () => Link(request, request.Target.Names[0], request.Target.Names[1]));

    private static string Link(ArmRequest request, string location, string operation) => request.Link(
        $"/subscriptions/{request.Target.Subscription}/providers/Microsoft.Storage/locations/{Locations.Code(location)}/asyncoperations/{operation}", "monitor=true");
}
