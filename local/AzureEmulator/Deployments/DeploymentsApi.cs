using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;
using Orchestrator.Local.AzureEmulator.Groups;
using Orchestrator.Local.AzureEmulator.Operations;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>Deployments at a resource group.</summary>
internal sealed partial class DeploymentsApi(
    DeploymentStore store, GroupStore groups, ResourceCalls calls, DeploymentRunner runner, WhatIf whatIf, LongOperations operations, EmulatorOptions options)
{
    private const string Pattern = "Microsoft.Resources/deployments/*";

    public void Map(ArmRouter router)
    {
        router.Map("PUT", Pattern, PutAsync);
        router.Map("GET", Pattern, request => ArmResponse.Ok(Require(request).ToJson()));
        router.Map("HEAD", Pattern, request => new ArmResponse(Require(request) is null ? 404 : 204));
        router.Map("DELETE", Pattern, Delete);
        router.Map("GET", "Microsoft.Resources/deployments", request => ArmResponse.List(store.Of(Group(request)).Select(deployment => deployment.ToJson())));
        router.Map("GET", Pattern + "/operationStatuses/*", Status);
        router.Map("GET", Pattern + "/operations", Operations);
        router.Map("GET", "subscriptions/*/resourcegroups/*/deployments/*/operations", Operations);
        router.Map("POST", Pattern + "/validate", ValidateAsync);
        router.Map("POST", Pattern + "/whatIf", WhatIfAsync);
        router.Map("POST", Pattern + "/cancel", Cancel);
        router.Map("POST", Pattern + "/exportTemplate", request => ArmResponse.Ok(new JsonObject { ["template"] = Require(request).Template.Source.DeepClone() }));
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}\-._()]{1,64}$")]
    private static partial Regex ValidName();

    private static string NameOf(ArmRequest request) => request.Target.Namespace is null ? request.Target.Names[2] : request.Target.Names[0];

    private ResourceGroup Group(ArmRequest request) => request.Target.Group is { } name
        ? groups.Require(request.Target.Subscription!, name)
        : throw ArmException.Of(400, "OperationNotAllowed", "Only deployments at a resource group are offered here.");

    private Deployment Require(ArmRequest request) => store.Find(Group(request), NameOf(request))
        ?? throw ArmException.GatewayNotFound("DeploymentNotFound", $"Deployment '{NameOf(request)}' could not be found.");

    private async Task<(Template Template, string Mode)> LoadAsync(ArmRequest request, bool keepsMissing)
    {
        var group = Group(request);
        if (!ValidName().IsMatch(NameOf(request)))
            throw ArmException.Of(400, "InvalidDeploymentName", $"The deployment name '{NameOf(request)}' is invalid: at most 64 letters, digits, '-', '.', '_', '(' and ')'.");
        var properties = request.BodyObject.At("properties");
        var mode = properties.Text("mode") is { } given && given.Equals("Complete", StringComparison.OrdinalIgnoreCase) ? "Complete" : "Incremental";
        if (properties.At("onErrorDeployment") is not null || properties.At("templateLink") is not null || properties.At("parametersLink") is not null)
            throw ArmException.Of(400, "InvalidRequestContent", "onErrorDeployment, templateLink and parametersLink are not offered here; send the template itself.");
        if (properties.At("template") is not JsonObject source)
            throw ArmException.Of(400, "InvalidRequestContent", "The request content was invalid: 'properties.template' is missing.");
        var bare = new TemplateScope
        {
            DeploymentName = NameOf(request),
            Group = group.ToJson(),
            Subscription = group.Subscription,
            Parameters = [],
            Variables = [],
            Lookup = (method, path, version) => calls.FindAsync(request, method, path, version),
            KeepsMissing = keepsMissing,
        };
        try
        {
            return (await Template.LoadAsync((JsonObject)source.DeepClone(), properties.At("parameters") as JsonObject ?? [], bare), mode);
        }
        catch (TemplateException problem)
        {
            throw ArmException.Of(400, problem.Code, $"Deployment template validation failed: '{problem.Message}'.");
        }
    }

    private async Task<ArmResponse> PutAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var (template, mode) = await LoadAsync(request, keepsMissing: false);
        var group = Group(request);
        var existing = store.Find(group, NameOf(request));
        if (existing is { Ended: false })
        {
            throw ArmException.Of(
                409, "DeploymentActiveAndUneditable", $"Unable to edit or replace deployment '{existing.Name}': previous deployment is still active. Please see https://aka.ms/arm-deploy for usage details.");
        }

        var deployment = new Deployment(group, NameOf(request), template, mode) { CorrelationId = request.CorrelationId };
        store.Put(deployment);
        var accepted = deployment.ToJson();
        operations.Start(deployment.OperationStatusId, async stop =>
        {
            using var stopping = stop.Register(deployment.Cancellation.Cancel);
            await runner.RunAsync(deployment, request);
            return ArmResponse.Ok();
        });
        return new ArmResponse(existing is null ? 201 : 200, accepted)
            .With("Azure-AsyncOperation", request.Link($"{deployment.Id}/operationStatuses/{deployment.OperationStatusId}"))
            .With("Retry-After", $"{options.RetryAfterSeconds}");
    }

    private ArmResponse Status(ArmRequest request)
    {
        var deployment = Require(request);
        if (deployment.OperationStatusId != request.Target.Names[1]) throw ArmException.Of(404, "NotFound", "The deployment operation status was not found.");
        var body = new JsonObject { ["status"] = deployment.Ended ? deployment.State : "Running" };
        if (deployment.Error is not null) body["error"] = deployment.Error.DeepClone();
        var answer = ArmResponse.Ok(body);
        return deployment.Ended ? answer : answer.With("Retry-After", $"{options.RetryAfterSeconds}");
    }

    private ArmResponse Operations(ArmRequest request) => ArmResponse.Ok(new JsonObject { ["value"] = Require(request).Operations() });

    private async Task<ArmResponse> ValidateAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var (template, mode) = await LoadAsync(request, keepsMissing: true);
        var checkedOnly = new Deployment(Group(request), NameOf(request), template, mode) { CorrelationId = request.CorrelationId };
        foreach (var resource in template.Resources.Where(resource => !resource.Existing)) await CheckBodyAsync(resource);
        checkedOnly.End("Succeeded");
        var json = checkedOnly.ToJson();
        var properties = (JsonObject)json["properties"]!;
        properties["duration"] = "PT0S";
        properties["validatedResources"] = properties["outputResources"]!.DeepClone();
        properties.Remove("outputResources");
        return ArmResponse.Ok(json);
    }

    private static async Task CheckBodyAsync(TemplateResource resource)
    {
        try
        {
            await resource.BodyAsync(resource.Scope);
        }
        catch (TemplateException problem)
        {
            throw ArmException.Of(400, problem.Code, $"Deployment template validation failed: 'The template resource '{resource.Name}' is not valid: {problem.Message}'.");
        }
    }

    private async Task<ArmResponse> WhatIfAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var (template, mode) = await LoadAsync(request, keepsMissing: true);
        foreach (var resource in template.Resources.Where(resource => !resource.Existing)) await CheckBodyAsync(resource);
        var idsOnly = request.BodyObject.Text("properties", "whatIfSettings", "resultFormat") is "ResourceIdOnly";
        var id = Guid.NewGuid().ToString("N");
        operations.Start(id, async _ => ArmResponse.Ok(await whatIf.PreviewAsync(template, request, Group(request), mode, idsOnly)));
        return ArmResponse.Accepted(request.Link($"/subscriptions/{request.Target.Subscription}/operationresults/{id}"), options.RetryAfterSeconds);
    }

    private ArmResponse Cancel(ArmRequest request)
    {
        var deployment = Require(request);
        if (deployment.Ended) throw ArmException.Of(409, "DeploymentCannotBeCancelled", $"The deployment '{deployment.Name}' cannot be cancelled because it is in the state '{deployment.State}'.");
        deployment.Cancellation.Cancel();
        return new ArmResponse(204);
    }

    private ArmResponse Delete(ArmRequest request)
    {
        if (store.Find(Group(request), NameOf(request)) is not { } deployment) return new ArmResponse(204);
        if (!deployment.Ended) throw ArmException.Of(409, "DeploymentActive", $"The deployment '{deployment.Name}' is still active.");
        var id = Guid.NewGuid().ToString("N");
        operations.Start(id, _ =>
        {
            store.Remove(deployment);
            return Task.FromResult(new ArmResponse(204));
        });
        return ArmResponse.Accepted(request.Link($"/subscriptions/{request.Target.Subscription}/operationresults/{id}"), options.RetryAfterSeconds);
    }
}
