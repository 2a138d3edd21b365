using System.Diagnostics;
using Orchestrator.Local.AzureEmulator.Runtime;
using Orchestrator.Local.AzureEmulator.Web;
using Yarp.ReverseProxy.Forwarder;

namespace Orchestrator.Local.AzureEmulator.FrontEnd;

/// <summary>
/// Forwards a request to the slot that should have it. While a slot starts or is being replaced its requests wait; one that met a
/// process just gone goes to the next, as long as nothing of it can have been done twice.
/// </summary>
internal sealed class SiteForwarder(IHttpForwarder forwarder, HttpMessageInvoker client, EmulatorDurations durations)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(230) };
    private static readonly SiteTransformer Transformer = new();

    public async Task ForwardAsync(HttpContext http, SiteSlot slot)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var app = await slot.App.EnterAsync(http.RequestAborted);
            if (app is null)
            {
                await Pages.UnavailableAsync(http, slot);
                slot.Metrics.RecordUnserved();
                return;
            }

            bool served;
            try
            {
                served = await TryServeAsync(http, app, started);
            }
            finally
            {
                app.Leave();
            }

            if (served)
            {
                slot.Metrics.Record(http.Response.StatusCode, Stopwatch.GetElapsedTime(started), DateTimeOffset.UtcNow);
                return;
            }

            await Task.Delay(Pause, http.RequestAborted);
        }
    }

    /// <returns>False when the request may be sent again.</returns>
    private async Task<bool> TryServeAsync(HttpContext http, RunningApp app, long started)
    {
        if (app.Prefix is not { } prefix)
        {
            await Pages.DefaultAsync(http);
            return true;
        }

        var error = await forwarder.SendAsync(http, prefix, client, Config, Transformer, http.RequestAborted);
        if (error is ForwarderError.None || !MayRepeat(http, error)) return true;
        if (Stopwatch.GetElapsedTime(started) > durations.HoldLimit) return true;
        http.Response.Clear();
        http.Features.Set<IForwarderErrorFeature>(null);
        return false;
    }

    /// <summary>A connection that was refused has carried nothing; a lost one may be repeated where repeating is harmless and no body was read.</summary>
    private static bool MayRepeat(HttpContext http, ForwarderError error)
    {
        if (error is not ForwarderError.Request || http.Response.HasStarted || http.RequestAborted.IsCancellationRequested) return false;
        var cause = http.Features.Get<IForwarderErrorFeature>()?.Exception as HttpRequestException;
        if (cause?.HttpRequestError is HttpRequestError.ConnectionError) return true;
        return HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
    }
}
