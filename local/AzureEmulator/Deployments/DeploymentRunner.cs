using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Xml;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;
using Orchestrator.Local.AzureEmulator.Locks;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>Carries a deployment out. A resource that fails does not stop those that do not depend on it.</summary>
internal sealed class DeploymentRunner(ResourceCalls calls, IReadOnlyList<IGroupContents> contents, LockStore locks, EmulatorOptions options)
{
    public async Task RunAsync(Deployment deployment, ArmRequest request)
    {
        deployment.Run();
        try
        {
            var details = new JsonArray();
            var failed = new HashSet<TemplateResource>();
            foreach (var resource in deployment.Template.Resources.Where(resource => !resource.Existing))
            {
                if (resource.DependsOn.Exists(failed.Contains) || !await DeployAsync(deployment, resource, request, details)) failed.Add(resource);
            }

            if (details.Count > 0) deployment.End("Failed", Failure(deployment, details));
            else await FinishAsync(deployment, request);
        }
        catch (OperationCanceledException)
        {
            deployment.End("Canceled", new JsonObject { ["code"] = "DeploymentCanceled", ["message"] = "The deployment was canceled." });
        }
        catch (Exception problem)
        {
            // An output or a reference that cannot be evaluated fails the deployment, not the emulator.
            deployment.End("Failed", new JsonObject { ["code"] = "DeploymentFailed", ["message"] = problem.Message });
        }
    }

    private static JsonObject Failure(Deployment deployment, JsonArray details) => new()
    {
        ["code"] = "DeploymentFailed",
        ["target"] = deployment.Id,
        ["message"] = "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.",
        ["details"] = details,
    };

    private async Task<bool> DeployAsync(Deployment deployment, TemplateResource resource, ArmRequest request, JsonArray details)
    {
        var started = DateTimeOffset.UtcNow;
        deployment.Cancellation.Token.ThrowIfCancellationRequested();
        await Task.Delay(options.Durations.DeploymentStep, deployment.Cancellation.Token);
        var body = await resource.BodyAsync(resource.Scope);
        var response = await calls.SendAsync(request, "PUT", resource.Id, body, resource.ApiVersion, deployment.Cancellation.Token);
        var failure = Failed(response);
        deployment.Add(Operation(deployment, resource, response, failure, DateTimeOffset.UtcNow - started));
        if (failure is null) return true;
        var detail = new JsonObject
        {
            ["code"] = failure.Text("code") ?? failure.Text("Code") ?? "ResourceDeploymentFailure",
            ["target"] = resource.Id,
            ["message"] = response.Body?.ToJsonString(Json.Web) ?? "",
        };
        details.Add((JsonNode)detail);
        return false;
    }

    /// <summary>The error of a response, or of a package deployment whose failure comes with status 200.</summary>
    private static JsonNode? Failed(ArmResponse response)
    {
        if (response.Status >= 400) return response.Body.At("error") ?? response.Body ?? new JsonObject();
        return response.Body.Text("properties", "provisioningState") == "Failed"
            ? new JsonObject { ["code"] = "ResourceDeploymentFailure", ["message"] = response.Body.Text("properties", "status_text") }
            : null;
    }

    private static JsonObject Operation(Deployment deployment, TemplateResource resource, ArmResponse response, JsonNode? failure, TimeSpan duration)
    {
        var operation = Operation(deployment, RandomNumberGenerator.GetHexString(16), "Create", failure is null ? "Succeeded" : "Failed", $"{(HttpStatusCode)response.Status}", duration);
        var properties = (JsonObject)operation["properties"]!;
        properties["serviceRequestId"] = Guid.NewGuid().ToString();
        if (failure is not null) properties["statusMessage"] = new JsonObject { ["error"] = failure.DeepClone() };
        properties["targetResource"] = new JsonObject { ["id"] = resource.Id, ["resourceType"] = resource.Type, ["resourceName"] = resource.Name };
        return operation;
    }

    private static JsonObject Operation(Deployment deployment, string id, string kind, string state, string status, TimeSpan duration) => new()
    {
        ["id"] = $"{deployment.Id}/operations/{id}",
        ["operationId"] = id,
        ["properties"] = new JsonObject
        {
            ["provisioningOperation"] = kind,
            ["provisioningState"] = state,
            ["timestamp"] = $"{DateTime.UtcNow:O}",
            ["duration"] = XmlConvert.ToString(duration),
            ["trackingId"] = Guid.NewGuid().ToString(),
            ["statusCode"] = status,
            ["statusMessage"] = null,
        },
    };

    private async Task FinishAsync(Deployment deployment, ArmRequest request)
    {
        if (deployment.Mode == "Complete") await DeleteOthersAsync(deployment, request);
        var outputs = await deployment.Template.OutputsAsync();
        deployment.Add(Operation(deployment, deployment.OperationStatusId, "EvaluateDeploymentOutput", "Succeeded", "OK", TimeSpan.Zero));
        deployment.End("Succeeded", outputs: outputs);
    }

    /// <summary>Complete mode removes what the group has and the template has not; nothing in a locked group.</summary>
    private async Task DeleteOthersAsync(Deployment deployment, ArmRequest request)
    {
        var group = deployment.Group;
        if (locks.Touching(group.Id).Any()) return;
        foreach (var id in Others(deployment.Template, contents, group))
            await calls.SendAsync(request, "DELETE", id, null, request.ApiVersion, deployment.Cancellation.Token);
    }

    /// <summary>Top-level resources of the group that the template does not name; what stands on a plan goes before the plan.</summary>
    public static IReadOnlyList<string> Others(Template template, IEnumerable<IGroupContents> contents, ResourceGroup group)
    {
        var named = template.Resources.Select(resource => resource.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. contents.SelectMany(provider => provider.List(group.Subscription, group.Name))
            .Where(resource => resource.Text("type")!.Count(letter => letter == '/') == 1)
            .Select(resource => resource.Text("id")!)
            .Where(id => !named.Contains(id))
            .OrderBy(id => id.Contains("/serverfarms/", StringComparison.OrdinalIgnoreCase))];
    }
}
