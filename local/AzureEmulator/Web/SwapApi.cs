using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Operations;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>slotsswap, applySlotConfig, resetSlotConfig, slotsdiffs and the polling of a swap.</summary>
internal sealed class SwapApi(SiteStore sites, PlanStore plans, SlotSwap swap, LongOperations operations, EmulatorOptions options)
{
    public void Map(ArmRouter router)
    {
        foreach (var pattern in (string[])[SitesApi.Site, SitesApi.Slot])
        {
            router.Map("POST", pattern + "/slotsswap", SwapAsync);
            router.Map("POST", pattern + "/applySlotConfig", ApplyAsync);
            router.Map("POST", pattern + "/resetSlotConfig", ResetAsync);
            router.Map("POST", pattern + "/slotsdiffs", Diffs);
            router.Map("GET", pattern + "/operationresults/*", PollAsync);
        }
    }

    private (SiteSlot Source, SiteSlot Target) Sides(ArmRequest request)
    {
        var source = sites.RequireSlot(request);
        var body = request.BodyObject;
        var name = body.Text("targetSlot") ?? throw WebErrors.BadRequest("The parameter targetSlot has an invalid value.");
        if (body.Flag("preserveVnet") is null) throw WebErrors.BadRequest("The parameter preserveVnet has an invalid value.");
        if (!source.Site.Slots.TryGetValue(name, out var target))
            throw WebErrors.Of(404, "NotFound", $"Cannot find Slot with name {name}.", "51004", "Cannot find {0} with name {1}.", "Slot", name);
        if (ReferenceEquals(source, target)) throw WebErrors.BadRequest("Source and target slots must be different.");
        return (source, target);
    }

    private async Task<ArmResponse> SwapAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var (source, target) = Sides(request);
        var site = source.Site;
        SiteOperation operation;
        IDisposable busy;
        using (await site.WriteAsync(cancellationToken))
        {
            RefuseUnready(site, source, target);
            operation = new SiteOperation(Guid.NewGuid(), "SwapSiteSlots", DateTimeOffset.UtcNow, request.RequestId);
            busy = site.Begin(operation);
        }

        operations.Start($"{operation.Id}", async stop =>
        {
            using (busy)
            {
                await Task.Delay(options.Durations.Swap, stop);
                if (site.Prepared is null) await swap.PrepareAsync(source, target, stop);
                await SlotSwap.CompleteAsync(site, stop);
            }

            return ArmResponse.Ok(SiteJson.Of(source, plans.SkuOf(site))).With("ETag", source.ETag);
        });
        return new ArmResponse(202)
            .With("Location", PollLink(request, source, $"{operation.Id}"))
            .With("Retry-After", $"{options.RetryAfterSeconds}")
            .With("ETag", source.ETag);
    }

    private async Task<ArmResponse> ApplyAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var (source, target) = Sides(request);
        var site = source.Site;
        using var turn = await site.WriteAsync(cancellationToken);
        RefuseUnready(site, source, target);
        if (site.Prepared is not null) return ArmResponse.Ok();
        using var busy = site.Begin(new SiteOperation(Guid.NewGuid(), "ApplySlotConfig", DateTimeOffset.UtcNow, request.RequestId));
        await Task.Delay(options.Durations.ApplySlotConfig, cancellationToken);
        await swap.PrepareAsync(source, target, cancellationToken);
        return ArmResponse.Ok();
    }

    private async Task<ArmResponse> ResetAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        using var turn = await slot.Site.WriteAsync(cancellationToken);
        await SlotSwap.ResetAsync(slot.Site, cancellationToken);
        return ArmResponse.Ok();
    }

    private static void RefuseUnready(Site site, SiteSlot source, SiteSlot target)
    {
        if (site.Prepared is { } prepared && (!ReferenceEquals(prepared.Source, source) || !ReferenceEquals(prepared.Target, target)))
            throw WebErrors.Conflict(SwapTexts.PreparedForSwap);
        if (source.LastDeployment is { Ended: null } || target.LastDeployment is { Ended: null }) throw WebErrors.Conflict(PackagesApi.InProgress);
    }

    private Task<ArmResponse> PollAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        var id = request.Target.Names[^1];
        return operations.PollAsync(id, () => PollLink(request, slot, id));
    }

    /// <summary>Azure signs the link anew for every answer; here the time alone makes each one different.</summary>
    private static string PollLink(ArmRequest request, SiteSlot slot, string id) =>
        request.Link($"{slot.Id}/operationresults/{id}", $"t={DateTimeOffset.UtcNow.UtcTicks}&c=local&s={Guid.NewGuid():N}&h=local");

    private ArmResponse Diffs(ArmRequest request)
    {
        var (source, target) = Sides(request);
        var sticky = source.Site.Sticky;
        var diffs = new List<JsonNode?>();
        var (own, other) = (source.Configuration.AppSettings, target.Configuration.AppSettings);
        foreach (var name in own.Keys.Union(other.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
        {
            var (here, there) = (own.GetValueOrDefault(name), other.GetValueOrDefault(name));
            if (here != there) diffs.Add(Diff("AppSetting", name, here, there, sticky.IsStickySetting(name)));
        }

        var (ownStrings, otherStrings) = (source.Configuration.ConnectionStrings, target.Configuration.ConnectionStrings);
        foreach (var name in ownStrings.Keys.Union(otherStrings.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
        {
            var (here, there) = (ownStrings.GetValueOrDefault(name)?.Value, otherStrings.GetValueOrDefault(name)?.Value);
            if (here != there) diffs.Add(Diff("ConnectionString", name, here, there, sticky.ConnectionStrings.Contains(name)));
        }

        return ArmResponse.List(diffs);
    }

    private static JsonObject Diff(string type, string name, string? here, string? there, bool sticks) => new()
    {
        ["properties"] = new JsonObject
        {
            ["level"] = sticks ? "Information" : "Warning",
            ["settingType"] = type,
            ["diffRule"] = sticks ? "SlotSettingsMissing" : "SettingsWillBeSwapped",
            ["settingName"] = name,
            ["valueInCurrentSlot"] = here,
            ["valueInTargetSlot"] = there,
            ["description"] = sticks ? "The setting stays with its slot." : "The setting moves with the content.",
        },
    };
}
