using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>start, stop and restart.</summary>
internal sealed class LifecycleApi(SiteStore sites)
{
    public void Map(ArmRouter router)
    {
        foreach (var pattern in (string[])[SitesApi.Site, SitesApi.Slot])
        {
            router.Map("POST", pattern + "/start", (request, cancellationToken) => SwitchAsync(request, stopped: false, cancellationToken));
            router.Map("POST", pattern + "/stop", (request, cancellationToken) => SwitchAsync(request, stopped: true, cancellationToken));
            router.Map("POST", pattern + "/restart", RestartAsync);
        }
    }

    private async Task<ArmResponse> SwitchAsync(ArmRequest request, bool stopped, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        using var turn = await slot.Site.WriteAsync(cancellationToken);
        if (slot.Stopped == stopped) return ArmResponse.Ok();
        slot.Stopped = stopped;
        slot.Touch();
        await slot.App.RestartAsync(cancellationToken);
        return ArmResponse.Ok();
    }

    private async Task<ArmResponse> RestartAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        using var turn = await slot.Site.WriteAsync(cancellationToken);
        var synchronous = request.Query.TryGetValue("synchronous", out var wait) && wait.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (synchronous) await slot.App.RestartAsync(cancellationToken);
        else slot.App.RestartInBackground();
        return ArmResponse.Ok();
    }
}
