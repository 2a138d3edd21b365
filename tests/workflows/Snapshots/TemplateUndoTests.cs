using System.Text.Json;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Snapshots;

public sealed class TemplateUndoTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Theory, InlineData("none"), InlineData("each twice"), InlineData("failing before"), InlineData("answer lost")]
    public async Task What_a_template_changed_in_productions_configuration_against_its_what_if_is_as_before_after_the_undo(string trouble)
    {
        var faults = new Faults
        {
            FailsForGood = nameof(EnsureSlot), EachTwice = trouble == "each twice", EachOnceBefore = trouble == "failing before", EachOnceAfter = trouble == "answer lost",
        };
        await using var world = await World.StartAsync(azurite, faults);
        var spec = world.Spec();
        var app = world.Get<AppService>();
        var planned = await app.ReadAppSettingsAsync(World.SiteId, default);
        // The what-if finds nothing to change; then somebody sets what the template sets back.
        IReadOnlyDictionary<string, string> set = new Dictionary<string, string>(planned) { ["LEGACY_MODE"] = "set by a person" };
        var once = true;
        faults.Before = async activity =>
        {
            if (activity != nameof(TestRestore) || !once) return;
            once = false;
            await app.WriteAppSettingsAsync(World.SiteId, set, default);
        };

        var run = await world.MigrateAsync(spec with { Release = spec.Release with { Template = Template(planned) } });

        Assert.Equal(RunStatus.Compensated, run.Status);
        Assert.Equal(set, await app.ReadAppSettingsAsync(World.SiteId, default));
        Assert.True(faults.Called.Contains(nameof(DeployTemplate)), run.Failure?.ToString());
        Assert.Contains(await world.ArmCallsAsync(), call => call.Path.Contains("/deployments/", StringComparison.OrdinalIgnoreCase) && call.Method == "PUT");
    }

    private static JsonElement Template(IReadOnlyDictionary<string, string> settings) => JsonSerializer.SerializeToElement(new Dictionary<string, object>
    {
        ["$schema"] = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        ["contentVersion"] = "1.0.0.0",
        ["resources"] = new object[]
        {
            new { type = "Microsoft.Web/sites/config", apiVersion = "2022-09-01", name = "shop/appsettings", properties = settings },
        },
    });
}
