namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>The sentences by which App Service tells how a swap went; callers match on them.</summary>
internal static class SwapTexts
{
    public const string PreparedForSwap = "The slot cannot be changed because its configuration settings have been prepared for swap.";

    public static string NoAnswer(SiteSlot slot) =>
        $"Cannot swap site slots for site '{slot.Site.Name}' because the '{slot.Name}' slot did not respond to http ping.";

    public static string NotStarted(SiteSlot slot) =>
        $"Cannot swap site slots for site '{slot.Site.Name}' because the worker process for '{slot.Name}' slot could not be started.";

    public static string UnwantedStatus(SiteSlot slot, int status) =>
        $"Cannot swap site slots for site '{slot.Site.Name}' because the application initialization in '{slot.Name}' slot failed: the warm-up request was answered with {status}.";
}
