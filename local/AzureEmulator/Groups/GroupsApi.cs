using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Operations;

namespace Orchestrator.Local.AzureEmulator.Groups;

/// <summary>Resource groups and the lists of what is in them.</summary>
internal sealed partial class GroupsApi(GroupStore groups, IReadOnlyList<IGroupContents> contents, LongOperations operations, EmulatorOptions options)
{
    private const string Pattern = "subscriptions/*/resourcegroups/*";

    public void Map(ArmRouter router)
    {
        router.Map("PUT", Pattern, Put);
        router.Map("GET", Pattern, request => ArmResponse.Ok(Require(request).ToJson()));
        router.Map("HEAD", Pattern, request => new ArmResponse(Require(request) is null ? 404 : 204));
        router.Map("PATCH", Pattern, Patch);
        router.Map("DELETE", Pattern, Delete);
        router.Map("GET", "subscriptions/*/resourcegroups", request => ArmResponse.List(groups.List(request.Target.Subscription!).Select(group => group.ToJson())));
        router.Map("GET", Pattern + "/resources", request => ListResources(request, Require(request).Name));
        router.Map("GET", "subscriptions/*/resources", request => ListResources(request, null));
        router.Map("GET", "subscriptions/*/operationresults/*", PollAsync);
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}\-_().]{0,89}[\p{L}\p{Nd}\-_()]$", RegexOptions.ExplicitCapture)]
    private static partial Regex ValidName();

    [GeneratedRegex("^resourceType eq '(?<type>[^']+)'$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeFilter();

    private ResourceGroup Require(ArmRequest request) => groups.Require(request.Target.Subscription!, request.Target.Group!);

    private ArmResponse ListResources(ArmRequest request, string? group)
    {
        var all = contents.SelectMany(provider => provider.List(request.Target.Subscription!, group));
        if (request.Query.TryGetValue("$filter", out var filter) && TypeFilter().Match(filter) is { Success: true } match)
            all = all.Where(resource => match.Groups["type"].Value.Equals(resource.Text("type"), StringComparison.OrdinalIgnoreCase));
        return ArmResponse.List(all);
    }

    private ArmResponse Put(ArmRequest request)
    {
        var target = request.Target;
        var body = request.BodyObject;
        if (!ValidName().IsMatch(target.Group!))
        {
            throw ArmException.Of(
                400, "InvalidResourceGroup", $"The provided resource group name '{target.Group}' has these invalid characters or is too long. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.");
        }

        var location = body.Text("location") ?? throw ArmException.Of(400, "LocationRequired", "The location property is required for this definition.");
        var existing = groups.Find(target.Subscription!, target.Group!);
        if (existing is { Deleting: true })
            throw ArmException.Of(409, "ResourceGroupBeingDeleted", $"The resource group '{target.Group}' is in deprovisioning state and cannot perform this operation.");
        if (existing is not null && Locations.Code(existing.Location) != Locations.Code(location))
        {
            throw ArmException.Of(
                409, "InvalidResourceGroupLocation", $"Invalid resource group location '{location}'. The Resource group already exists in location '{existing.Location}'.");
        }

        var group = existing ?? new ResourceGroup(target.Subscription!, target.Group!, Locations.Code(location));
        group.Tags = body.At("tags")?.DeepClone() as JsonObject;
        group.ManagedBy = body.Text("managedBy");
        groups.Add(group);
        return new ArmResponse(existing is null ? 201 : 200, group.ToJson());
    }

    private ArmResponse Patch(ArmRequest request)
    {
        var group = Require(request);
        if (request.BodyObject.At("tags") is JsonObject tags) group.Tags = (JsonObject)tags.DeepClone();
        return ArmResponse.Ok(group.ToJson());
    }

    private ArmResponse Delete(ArmRequest request)
    {
        var group = Require(request);
        group.Deleting = true;
        var job = new JsonObject
        {
            ["jobId"] = $"RESOURCEGROUPDELETIONJOB-{group.Name.ToUpperInvariant()}-{Guid.NewGuid():N}",
            ["jobLocation"] = group.Location,
        };
        var id = Convert.ToBase64String(Encoding.UTF8.GetBytes(job.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        operations.Start(id, async stop =>
        {
            await Task.Delay(options.Durations.GroupDelete, stop);
            foreach (var provider in contents) await provider.RemoveAsync(group.Subscription, group.Name);
            groups.Remove(group);
            return ArmResponse.Ok();
        });
        return ArmResponse.Accepted(Link(request, id), options.RetryAfterSeconds);
    }

    private Task<ArmResponse> PollAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var id = request.Target.Path.Split('/')[^1];
        return operations.PollAsync(id, () => Link(request, id));
    }

    private static string Link(ArmRequest request, string id) => request.Link($"/subscriptions/{request.Target.Subscription}/operationresults/{id}");
}
