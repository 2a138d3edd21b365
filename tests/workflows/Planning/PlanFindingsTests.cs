using System.Text.Json.Nodes;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;

namespace Orchestrator.Workflows.Tests.Planning;

public sealed class PlanFindingsTests
{
    private const string SiteId = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites/shop";
    private const string Orders = "https://shopstore.blob.core.windows.net/orders";

    private static readonly MigrationSpec Spec = new()
    {
        Mode = MigrationMode.Migrate,
        Site = SiteId,
        Slot = "v2",
        Release = new ReleaseSpec { Package = "https://shopstore.blob.core.windows.net/releases/v2.zip?sig=secret" },
        Data = [new DataSpec { Name = "orders", Source = Orders, Target = "https://shopstore2.blob.core.windows.net/orders", Setting = "ORDERS_URL" }],
        WritePause = new WritePauseSpec { On = new HttpCallSpec { Path = "/on" }, Off = new HttpCallSpec { Path = "/off" } },
    };

    private static readonly Survey Sound = new(
        Site(SiteId), "S1", "Standard", [], new Dictionary<string, string> { ["ORDERS_URL"] = $"{Orders}/?sv=1" }, [], new JsonObject(), [],
        new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, string>(), TemplateError: null, [], new PackageProbe(200, 1000),
        new SiteTraffic(default, default, Requests: null, Http5xx: null, ResponseSeconds: null));

    public static TheoryData<string, string> Faults => new()
    {
        { "tier", PlanCodes.NoSlots },
        { "slot", PlanCodes.SlotExists },
        { "slots", PlanCodes.SlotQuota },
        { "lock", PlanCodes.Locked },
        { "setting", PlanCodes.SettingDoesNotNameSource },
        { "sticky", PlanCodes.SettingSticky },
        { "kinds", PlanCodes.DataCannotBeCarried },
        { "package", PlanCodes.PackageUnreachable },
        { "template", PlanCodes.TemplateUnusable },
        { "modify", PlanCodes.TemplateUnusable },
        { "steps one way", PlanCodes.TrafficSteps },
        { "steps beside others", PlanCodes.TrafficSteps },
        { "steps down", PlanCodes.TrafficSteps },
        { "busy", PlanCodes.SiteBusy },
        { "preview", PlanCodes.SiteBusy },
        { "pause", PlanCodes.NoWritePause },
        { "content", PlanCodes.NoContent },
        { "action group", PlanCodes.NoActionGroup },
    };

    [Fact]
    public void A_sound_site_has_no_blockers() => Assert.Empty(PlanFindings.Blockers(Spec, Sound, []));

    [Theory, MemberData(nameof(Faults))]
    public void Each_fault_is_a_blocker_of_its_own(string fault, string code)
    {
        var (spec, survey, counts) = With(fault);

        var blockers = PlanFindings.Blockers(spec, survey, counts);

        Assert.Equal(code, Assert.Single(blockers).Code);
    }

    [Fact]
    public void Traffic_in_steps_is_allowed_where_both_versions_see_each_others_writes()
    {
        var without = Steps(10, 50) with { WritePause = null };

        Assert.Empty(PlanFindings.Blockers(Steps(10, 50), Sound, []));
        Assert.Contains("needs a writePause", PlanFindings.Blockers(without, Sound, []).Single(b => b.Code == PlanCodes.TrafficSteps).Detail, StringComparison.Ordinal);
        Assert.Empty(PlanFindings.Blockers(without with { Data = [] }, Sound, []));
    }

    [Fact]
    public void A_signature_in_an_address_is_never_shown()
    {
        var blockers = PlanFindings.Blockers(Spec, Sound with { Package = new PackageProbe(403, null) }, []);

        Assert.DoesNotContain("secret", Assert.Single(blockers).Detail, StringComparison.Ordinal);
    }

    private static (MigrationSpec Spec, Survey Survey, IReadOnlyList<DataCount> Counts) With(string fault) => fault switch
    {
        "tier" => (Spec, Sound with { Tier = "Basic", Sku = "B1" }, []),
        "slot" => (Spec, Sound with { Slots = [Site($"{SiteId}/slots/V2")] }, []),
        "slots" => (Spec, Sound with { Slots = [.. Enumerable.Range(0, 5).Select(n => Site($"{SiteId}/slots/s{n}"))] }, []),
        "lock" => (Spec, Sound with { Locks = [new ResourceLock("/lock", "ReadOnly")] }, []),
        "setting" => (Spec, Sound with { Settings = new Dictionary<string, string> { ["ORDERS_URL"] = "https://elsewhere/orders" } }, []),
        "sticky" => (Spec, Sound with { StickySettings = ["orders_url"] }, []),
        "kinds" => (Spec, Sound, [new DataCount("orders", 1, 1, ["1 × page blob"])]),
        "package" => (Spec, Sound with { Package = new PackageProbe(0, null) }, []),
        "template" => (Spec, Sound with { TemplateError = "no" }, []),
        "modify" => (Spec, Sound with { WhatIf = [new ResourceChange("/x", "Modify"), new ResourceChange("/y", "Create")] }, []),
        "steps one way" => (Steps(10, 50) with { Data = [Spec.Data[0] with { Reverse = false }] }, Sound, []),
        "steps beside others" => (Steps(10, 50), Sound with { Config = (JsonObject)JsonNode.Parse("""{"experiments":{"rampUpRules":[{"name":"beta","reroutePercentage":5.0}]}}""")! }, []),
        "steps down" => (Steps(50, 10), Sound, []),
        "busy" => (Spec, Sound with { Site = Sound.Site with { InProgressOperationId = "op" } }, []),
        "preview" => (Spec, Sound with { Site = Sound.Site with { TargetSwapSlot = "other" } }, []),
        "pause" => (Spec with { WritePause = null }, Sound, []),
        "content" => (Spec with { Release = new ReleaseSpec() }, Sound with { Package = null }, []),
        "action group" => (Spec with { Watch = new WatchSpec { Alerts = new AlertSpec { ActionGroup = "/on-call" } } }, Sound with { SeesActionGroup = false }, []),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
    };

    private static MigrationSpec Steps(params int[] percents) =>
        Spec with { Traffic = new TrafficSpec { Steps = [.. percents.Select(percent => new TrafficStepSpec { Percent = percent, Hold = TimeSpan.FromMinutes(1) })] } };

    private static Site Site(string id) => new(id, "westeurope", "shop.azurewebsites.net", "/plan", "Running", "shop", null, null, new Dictionary<string, string>());
}
