using System.Text.Json;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Control;
using Orchestrator.Local.AzureEmulator.Web;

namespace Orchestrator.Local.AzureEmulator.FrontEnd;

/// <summary>The entrance of the sites: finds the slot by host name and hands the request on; the control calls live here too.</summary>
internal sealed class FrontEndPipeline(SiteStore sites, TrafficRouter traffic, SiteForwarder forwarder, FaultBook faults, ControlApi control)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (SlotOf(http.Request.Host.Host) is not { } slot)
        {
            if (http.Request.Path.StartsWithSegments("/_emulator")) await control.InvokeAsync(http);
            else await Pages.NoSuchSiteAsync(http);
            return;
        }

        if (slot.IsProduction) slot = traffic.Choose(http, slot);
        try
        {
            if (faults.HasSiteFaults) await ForwardWithFaultsAsync(http, slot);
            else await forwarder.ForwardAsync(http, slot);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
    }

    private SiteSlot? SlotOf(string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0) return null;
        var domain = host.AsSpan(dot);
        if (!domain.Equals(".azurewebsites.net", StringComparison.OrdinalIgnoreCase) && !domain.Equals(".localhost", StringComparison.OrdinalIgnoreCase)) return null;
        return sites.HostLookup.TryGetValue(host.AsSpan(0, dot), out var slot) ? slot : null;
    }

    private async Task ForwardWithFaultsAsync(HttpContext http, SiteSlot slot)
    {
        var fault = faults.Take(http.Request.Method, http.Request.Host.Host, http.Request.Path.Value ?? "/");
        if (fault is null)
        {
            await forwarder.ForwardAsync(http, slot);
            return;
        }

        // An answer that is on its way can no longer be taken back: after its effect, a site's answer is replaced by discarding it.
        var action = fault.Action;
        if (fault.When is FaultTime.After)
        {
            var body = http.Response.Body;
            http.Response.Body = Stream.Null;
            await forwarder.ForwardAsync(http, slot);
            http.Response.Body = body;
        }

        if (action.DelayMs is { } delay) await Task.Delay(delay, http.RequestAborted);
        if (action.Drop || http.Response.HasStarted)
        {
            http.Abort();
        }
        else if (action.Throttle is not null || action.Status is not null)
        {
            http.Response.Clear();
            http.Response.StatusCode = action.Status ?? 429;
            if (action.Throttle is { } throttle) http.Response.Headers.RetryAfter = $"{throttle.RetryAfter}";
            foreach (var (name, value) in action.Headers ?? []) http.Response.Headers[name] = value;
            if (action.Body is not null) await http.Response.WriteAsync(JsonSerializer.Serialize(action.Body, Json.Web), http.RequestAborted);
            slot.Metrics.Record(http.Response.StatusCode, TimeSpan.Zero, DateTimeOffset.UtcNow);
        }
        else
        {
            await forwarder.ForwardAsync(http, slot);
        }
    }
}
