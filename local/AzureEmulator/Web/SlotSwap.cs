using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Runtime;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>
/// What a swap does, in Azure's six steps: the target's sticky settings go to the source (1), which restarts (2, 3) and is warmed
/// up (4); the two change places (5); the old app gets its new place's settings and restarts (6). Until step 5 production is untouched.
/// </summary>
internal sealed class SlotSwap(WarmUp warmUp, EmulatorOptions options)
{
    private const int PingTries = 5;

    /// <summary>Steps 1 to 4. On failure the source is as it was before.</summary>
    public async Task PrepareAsync(SiteSlot source, SiteSlot target, CancellationToken cancellationToken)
    {
        var site = source.Site;
        if (source.Stopped) throw WebErrors.BadRequest(SwapTexts.NotStarted(source));
        var before = source.Configuration;
        source.Configuration = before.MovedTo(target.Configuration, site.Sticky);
        try
        {
            if (!await source.App.RestartAsync(cancellationToken)) throw WebErrors.BadRequest(SwapTexts.NotStarted(source));
            await PingAsync(source, target, cancellationToken);
        }
        catch
        {
            source.Configuration = before;
            await source.App.RestartAsync(CancellationToken.None);
            throw;
        }

        site.Prepared = new PreparedSwap(source, target, before);
        target.TargetSwapSlot = source.Name;
    }

    /// <summary>The way back from a preparation.</summary>
    public static async Task ResetAsync(Site site, CancellationToken cancellationToken)
    {
        if (site.Prepared is not { } prepared) return;
        prepared.Source.Configuration = prepared.Before;
        prepared.Target.TargetSwapSlot = null;
        site.Prepared = null;
        await prepared.Source.App.RestartAsync(cancellationToken);
    }

    /// <summary>Steps 5 and 6.</summary>
    public static async Task CompleteAsync(Site site, CancellationToken cancellationToken)
    {
        var (source, target, before) = site.Prepared!;
        await SlotApp.ExchangeAsync(source.App, target.App, () => ExchangePlaces(source, target, before), cancellationToken);
        site.Prepared = null;
        // The swap has happened: a source slot whose old app does not come up again does not undo it.
        await source.App.RestartAsync(cancellationToken);
        // Whether a place is stopped stays with the place.
        if (target.Stopped) await target.App.RestartAsync(cancellationToken);
    }

    private static void ExchangePlaces(SiteSlot source, SiteSlot target, SlotConfiguration sourceBefore)
    {
        var oldApp = target.Configuration.MovedTo(sourceBefore, source.Site.Sticky);
        target.Configuration = source.Configuration;
        source.Configuration = oldApp;
        (source.Content, target.Content) = (target.Content, source.Content);
        target.TargetSwapSlot = null;
        var status = new SwapStatus(DateTimeOffset.UtcNow, Written(source), Written(target));
        foreach (var slot in (SiteSlot[])[source, target])
        {
            slot.SwapStatus = status;
            slot.Touch();
        }
    }

    private static string Written(SiteSlot slot) => slot.IsProduction ? "Production" : slot.Name;

    private async Task PingAsync(SiteSlot source, SiteSlot target, CancellationToken cancellationToken)
    {
        if (source.App.Current?.Instance is not { } instance) return;
        var settings = source.Configuration.AppSettings;
        var path = settings.GetValueOrDefault("WEBSITE_SWAP_WARMUP_PING_PATH", "/");
        var allowed = settings.TryGetValue("WEBSITE_SWAP_WARMUP_PING_STATUSES", out var list)
            ? list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : null;
        for (var attempt = 1; attempt <= PingTries; attempt++)
        {
            if (await OnePingAsync(instance, path, target.HostName, cancellationToken) is not { } status) continue;
            if (allowed is null || allowed.Contains($"{status}")) return;
            throw WebErrors.BadRequest(SwapTexts.UnwantedStatus(source, status));
        }

        throw WebErrors.BadRequest(SwapTexts.NoAnswer(source));
    }

    private async Task<int?> OnePingAsync(ISlotInstance instance, string path, string host, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Durations.WarmUpPing);
        try
        {
            return (int?)await warmUp.PingAsync(instance, path, host, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
