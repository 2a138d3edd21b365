using Orchestrator.Local.AzureEmulator.Web;

namespace Orchestrator.Local.AzureEmulator.FrontEnd;

/// <summary>What the front end says itself.</summary>
internal static class Pages
{
    public static Task DefaultAsync(HttpContext http) =>
        WriteAsync(http, 200, "Your app is up and running", "Your app service is up and running. Time to take the next step and deploy your code.");

    public static Task NoSuchSiteAsync(HttpContext http) => WriteAsync(http, 404, "404 Web Site not found.", "You may be seeing this error because no site has this host name.");

    public static Task UnavailableAsync(HttpContext http, SiteSlot slot) => slot.Stopped
        ? WriteAsync(http, 403, "Error 403 - This web app is stopped.", "The web app you have attempted to reach is currently stopped and does not accept any requests.")
        : WriteAsync(http, 503, ":( Application Error", "The app did not start. Its log tells why.");

    private static Task WriteAsync(HttpContext http, int status, string title, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync($"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>", http.RequestAborted);
    }
}
