using Orchestrator.Local.Demo.Customers;
using Orchestrator.Local.Demo.Migration;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Local.Demo.Results;

/// <summary>Looks for itself at what the run left: the site as customers see it, both accounts, ARM and its call log.</summary>
internal sealed class Inspection(
    BlobAccounts blobs, ShopNames names, Arm arm, EmulatorControl control, HttpClient sites, IReadOnlyList<StoredMedia> media)
{
    public async Task<Result> LookAsync(Run run, Ledger ledger, IReadOnlyDictionary<string, string> settingsBefore, CancellationToken cancellationToken)
    {
        var settings = await arm.SettingsAsync(names.Site, cancellationToken);
        var orders = blobs.Container(new Uri(settings["ORDERS_URL"]));
        var served = blobs.Container(new Uri(settings["MEDIA_URL"]));
        var lost = await OrderCheck.LostAsync(orders, ledger.Orders, cancellationToken);
        var (objects, different) = await MediaCheck.CompareAsync(served, media, cancellationToken);
        var (_, touched) = await MediaCheck.CompareAsync(blobs.Container(Azurite.Source, names.Media), media, cancellationToken);
        var calls = await control.CallsAsync(cancellationToken);
        return new Result
        {
            Status = run.Status,
            ServedVersion = await ShopSite.ServedVersionAsync(sites, names.Host, cancellationToken),
            Requests = ledger.Requests,
            FailedRequests = ledger.FailedRequests,
            RequestsPerSecond = Math.Round(ledger.RequestsPerSecond, 1),
            LowestRequestsPerSecond = Math.Round(ledger.SlowestRate, 1),
            Writes = ledger.Orders.Count,
            LostWrites = lost.Count,
            RepeatedWrites = ledger.RefusedWrites,
            WritePauseMs = run.Figures?.WritePauseMs,
            RollbackWritePauseMs = run.Figures?.RollbackWritePauseMs,
            LongestWriteMs = (long)ledger.LongestWrite.TotalMilliseconds,
            Objects = objects,
            Mismatches = different.Union(touched, StringComparer.Ordinal).Count(),
            Swaps = calls.Count(call => call.IsAcceptedSwap && call.IsOf(names.Site)),
            LeftBehind = run.Status switch
            {
                "succeeded" => [],
                // The new version and what customers wrote to it are kept on purpose.
                "rolledBack" => await ChangedAsync(settings, settingsBefore, cancellationToken),
                _ => [.. await CreatedAsync(cancellationToken), .. await ChangedAsync(settings, settingsBefore, cancellationToken)],
            },
            Failure = run.Failure is { } failure ? $"{failure.Step} {failure.Code}: {failure.Detail}" : null,
        };
    }

    /// <summary>What an undone run must have removed.</summary>
    private async Task<IReadOnlyList<string>> CreatedAsync(CancellationToken cancellationToken)
    {
        var left = new List<string>();
        var slots = await arm.GetAsync($"{names.Site}/slots", cancellationToken);
        left.AddRange(slots!["value"]!.AsArray().Select(slot => $"slot {slot!["name"]}"));
        foreach (var container in new[] { names.Media, names.Orders })
        {
            if (await blobs.Container(Azurite.Target, container).ExistsAsync(cancellationToken))
            {
                left.Add($"container {Azurite.Target}/{container}");
            }
        }

        return left;
    }

    /// <summary>What a run that went back must have put back.</summary>
    private async Task<IReadOnlyList<string>> ChangedAsync(
        IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> settingsBefore, CancellationToken cancellationToken)
    {
        var left = new List<string>();
        var site = await arm.GetAsync(names.Site, cancellationToken);
        if (site!["properties"]!["targetSwapSlot"]?.GetValue<string>() is { } prepared)
        {
            left.Add($"a swap prepared with {prepared}");
        }

        left.AddRange(settings.Except(settingsBefore).Select(setting => $"app setting {setting.Key}"));
        left.AddRange(settingsBefore.Keys.Except(settings.Keys).Select(name => $"app setting {name} gone"));
        var state = await sites.GetStringAsync(new Uri($"http://{names.Host}/admin/state"), cancellationToken);
        if (!state.Contains("\"readOnly\":false", StringComparison.Ordinal))
        {
            left.Add("the shop is read-only");
        }

        return left;
    }
}
