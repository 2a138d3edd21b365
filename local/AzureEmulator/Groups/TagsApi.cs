using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Groups;

/// <summary>The tags of a group or resource as a resource of their own: what client libraries use to add one tag.</summary>
internal sealed class TagsApi(ArmRouter router)
{
    public void Map()
    {
        const string Pattern = "Microsoft.Resources/tags/*";
        router.Map("GET", Pattern, async (request, cancellationToken) => Answer(request, await TagsAsync(request, cancellationToken)));
        router.Map("PUT", Pattern, (request, cancellationToken) => SetAsync(request, Given(request), cancellationToken));
        router.Map("PATCH", Pattern, PatchAsync);
        router.Map("DELETE", Pattern, async (request, cancellationToken) =>
        {
            await SetAsync(request, [], cancellationToken);
            return ArmResponse.Ok();
        });
    }

    private static JsonObject Given(ArmRequest request) => request.BodyObject.At("properties", "tags")?.DeepClone() as JsonObject
        ?? throw ArmException.Of(400, "InvalidRequestContent", "The request content was invalid: 'properties.tags' is missing.");

    private static ArmResponse Answer(ArmRequest request, JsonObject tags) => ArmResponse.Ok(new JsonObject
    {
        ["id"] = ArmTarget.Normalize(request.Target.Scope) + "/providers/Microsoft.Resources/tags/default",
        ["name"] = "default",
        ["type"] = "Microsoft.Resources/tags",
        ["properties"] = new JsonObject { ["tags"] = tags },
    });

    private async Task<ArmResponse> PatchAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var (given, tags) = (Given(request), await TagsAsync(request, cancellationToken));
        switch (request.BodyObject.Text("operation"))
        {
            case "Replace":
                tags = given;
                break;
            case "Merge":
                foreach (var (name, value) in given) tags[name] = value?.DeepClone();
                break;
            case "Delete":
                foreach (var (name, _) in given) tags.Remove(name);
                break;
            case var other:
                throw ArmException.Of(400, "InvalidTagsOperation", $"The tags operation '{other}' is not one of Merge, Replace and Delete.");
        }

        return await SetAsync(request, tags, cancellationToken);
    }

    private async Task<JsonObject> TagsAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var response = await router.DispatchAsync(request.Inner("GET", request.Target.Scope), cancellationToken);
        if (response.Status != 200) throw new ArmException(response.Status, "ResourceNotFound", "The resource was not found.", (JsonObject)response.Body!);
        return response.Body.At("tags")?.DeepClone() as JsonObject ?? [];
    }

    private async Task<ArmResponse> SetAsync(ArmRequest request, JsonObject tags, CancellationToken cancellationToken)
    {
        var response = await router.DispatchAsync(request.Inner("PATCH", request.Target.Scope, new JsonObject { ["tags"] = tags.DeepClone() }), cancellationToken);
        return response.Status < 300 ? Answer(request, tags) : response;
    }
}
