using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Storage;

/// <summary>blobServices/default and its containers. Containers of accounts that the blob server knows are made and deleted there.</summary>
internal sealed class BlobServicesApi(StorageStore store, BlobServer server)
{
    private const string Service = StorageApi.Account + "/blobServices/*";
    private const string Container = Service + "/containers/*";

    public void Map(ArmRouter router)
    {
        router.Map("GET", Service, request => ArmResponse.Ok(ServiceJson(store.Require(request))));
        router.Map("PUT", Service, PutService);
        router.Map("PUT", Container, PutAsync);
        router.Map("PATCH", Container, PutAsync);
        router.Map("GET", Container, GetAsync);
        router.Map("DELETE", Container, DeleteAsync);
        router.Map("GET", Service + "/containers", request =>
        {
            var account = store.Require(request);
            return ArmResponse.List(account.Containers.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Json(account, pair.Key, pair.Value)));
        });
    }

    private static JsonObject ServiceJson(StorageAccount account) => new()
    {
        ["id"] = $"{account.Id}/blobServices/default",
        ["name"] = "default",
        ["type"] = "Microsoft.Storage/storageAccounts/blobServices",
        ["properties"] = account.BlobServices.DeepClone(),
        ["sku"] = new JsonObject { ["name"] = account.Sku, ["tier"] = account.Sku.Split('_')[0] },
    };

    private ArmResponse PutService(ArmRequest request)
    {
        var account = store.Require(request);
        if (request.BodyObject.At("properties") is JsonObject properties) Arm.Json.Merge(account.BlobServices, properties);
        return ArmResponse.Ok(ServiceJson(account));
    }

    private static JsonObject Json(StorageAccount account, string name, JsonObject properties)
    {
        var shown = new JsonObject
        {
            ["publicAccess"] = "None",
            ["leaseStatus"] = "Unlocked",
            ["leaseState"] = "Available",
            ["hasImmutabilityPolicy"] = false,
            ["hasLegalHold"] = false,
        };
        Arm.Json.Merge(shown, properties);
        return new JsonObject
        {
            ["id"] = $"{account.Id}/blobServices/default/containers/{name}",
            ["name"] = name,
            ["type"] = "Microsoft.Storage/storageAccounts/blobServices/containers",
            ["properties"] = shown,
        };
    }

    private async Task<ArmResponse> PutAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var account = store.Require(request);
        var name = request.Target.Names[2];
        var known = account.Containers.TryGetValue(name, out var properties);
        properties ??= [];
        if (request.Body.At("properties") is JsonObject given) Arm.Json.Merge(properties, given);
        var made = await server.CreateAsync(account.Name, name, cancellationToken);
        account.Containers[name] = properties;
        return new ArmResponse(made ?? !known ? 201 : 200, Json(account, name, properties));
    }

    private async Task<ArmResponse> GetAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var account = store.Require(request);
        var name = request.Target.Names[2];
        var recorded = account.Containers.GetValueOrDefault(name);
        var exists = await server.ExistsAsync(account.Name, name, cancellationToken) ?? recorded is not null;
        if (!exists) throw ArmException.Of(404, "ContainerNotFound", "The specified container does not exist.");
        return ArmResponse.Ok(Json(account, name, recorded ?? []));
    }

    private async Task<ArmResponse> DeleteAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var account = store.Require(request);
        var name = request.Target.Names[2];
        var recorded = account.Containers.TryRemove(name, out _);
        var existed = await server.DeleteAsync(account.Name, name, cancellationToken) ?? recorded;
        return new ArmResponse(existed ? 200 : 204);
    }
}
