using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Operations;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>Package deployment through ARM: extensions/onedeploy and extensions/zipdeploy with a package URL, polled at deployments/latest.</summary>
internal sealed class PackagesApi(SiteStore sites, PackageStore packages, LongOperations operations, EmulatorOptions options)
{
    public const string InProgress = "There is a deployment currently in progress. Please try again when it completes.";

    public void Map(ArmRouter router)
    {
        foreach (var pattern in (string[])[SitesApi.Site, SitesApi.Slot])
        {
            router.Map("PUT", pattern + "/extensions/*", DeployAsync);
            router.Map("GET", pattern + "/deployments/*", Get);
            router.Map("GET", pattern + "/deployments", request =>
            {
                var slot = sites.RequireSlot(request);
                return ArmResponse.List(slot.LastDeployment is { } last ? [last.ToJson(slot)] : []);
            });
        }
    }

    private static string Link(ArmRequest request, SiteSlot slot) => request.Link($"{slot.Id}/deployments/latest");

    private async Task<ArmResponse> DeployAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        if (request.Target.Names[^1].ToLowerInvariant() is not ("onedeploy" or "zipdeploy"))
            throw WebErrors.Of(404, "NotFound", $"Cannot find Extension with name {request.Target.Names[^1]}.", "51004", "Cannot find {0} with name {1}.", "Extension", request.Target.Names[^1]);
        var uri = request.BodyObject.Text("properties", "packageUri");
        if (uri is null || !PackageStore.IsUrl(uri)) throw WebErrors.BadRequest("The parameter packageUri has an invalid value.");
        using (await slot.Site.WriteAsync(cancellationToken))
        {
            RefuseDeployment(slot);
            Begin(slot, new Uri(uri));
        }

        return ArmResponse.Accepted(Link(request, slot), options.RetryAfterSeconds);
    }

    private static void RefuseDeployment(SiteSlot slot)
    {
        if (slot.LastDeployment is { Ended: null }) throw WebErrors.Conflict(InProgress);
        if (ReferenceEquals(slot.Site.Prepared?.Source, slot)) throw WebErrors.Conflict(SwapTexts.PreparedForSwap);
        if (slot.Configuration.AppSettings.TryGetValue(PackageStore.RunFromPackage, out var package) && PackageStore.IsUrl(package))
            throw WebErrors.Conflict("Run-From-Zip is set to a remote URL using WEBSITE_RUN_FROM_PACKAGE or WEBSITE_USE_ZIP app setting. Deployment is not supported in this configuration.");
    }

    private void Begin(SiteSlot slot, Uri package)
    {
        var deployment = new PackageDeployment(Guid.NewGuid().ToString("N"), package.GetLeftPart(UriPartial.Path), DateTimeOffset.UtcNow);
        slot.LastDeployment = deployment;
        operations.Start(deployment.Id, async stop =>
        {
            slot.LastDeployment = await DeployAsync(slot, package, deployment, stop);
            return ArmResponse.Ok();
        });
    }

    private async Task<PackageDeployment> DeployAsync(SiteSlot slot, Uri package, PackageDeployment deployment, CancellationToken stop)
    {
        try
        {
            var directory = await packages.UnpackAsync(package, slot, deployment.Id, stop);
            slot.Content = slot.Content with { Directory = directory, Package = deployment.PackageUri };
            slot.Touch();
            await slot.App.RestartAsync(stop);
            return deployment with { Ended = DateTimeOffset.UtcNow };
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The caller reads the failure from the deployment, as on Azure.
            return deployment with { Ended = DateTimeOffset.UtcNow, Failure = problem.Message };
        }
    }

    private ArmResponse Get(ArmRequest request)
    {
        var slot = sites.RequireSlot(request);
        var id = request.Target.Names[^1];
        if (slot.LastDeployment is not { } last || (!id.Equals("latest", StringComparison.OrdinalIgnoreCase) && id != last.Id))
            throw WebErrors.Of(404, "NotFound", $"Deployment '{id}' not found.", "51004", "Cannot find {0} with name {1}.", "Deployment", id);
        var answer = new ArmResponse(last.Ended is null ? 202 : 200, last.ToJson(slot));
        return last.Ended is null ? answer.With("Location", Link(request, slot)).With("Retry-After", $"{options.RetryAfterSeconds}") : answer;
    }
}
