using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class PackageTests
{
    [Theory]
    [InlineData("onedeploy")]
    [InlineData("zipdeploy")]
    public async Task A_package_is_deployed_with_202_and_its_deployment_polled(string extension)
    {
        await using var world = await World.WithShopAsync();
        var uri = world.Packages.Add("v7");

        var accepted = await world.Arm.SendAsync("PUT", $"{World.Staging}/extensions/{extension}", $$$"""{"properties":{"packageUri":"{{{uri}}}","type":"zip"}}""");
        var done = await world.Arm.SettleAsync("GET", accepted.Header("Location")!);

        Assert.Equal(202, accepted.Status);
        Assert.EndsWith(World.Staging + "/deployments/latest", new Uri(accepted.Header("Location")!).AbsolutePath);
        Assert.Equal(4, (int)done.Body!["properties"]!["status"]!);
        Assert.Equal("v7", await world.VersionAsync("shop-staging"));
    }

    [Fact]
    public async Task A_package_that_cannot_be_fetched_fails_inside_a_200_and_the_old_one_runs_on()
    {
        await using var world = await World.WithShopAsync();
        var missing = new Uri(new Uri(world.Packages.Add("v7")), "/missing.zip?sig=secret");

        var done = await world.Arm.SettleAsync("PUT", World.Staging + "/extensions/onedeploy", $$$"""{"properties":{"packageUri":"{{{missing}}}"}}""");

        Assert.Equal(200, done.Status);
        Assert.Equal(3, (int)done.Body!["properties"]!["status"]!);
        Assert.Equal("Failed", done.Text1("properties", "provisioningState"));
        Assert.DoesNotContain("secret", done.Text);
        Assert.Equal("v2", await world.VersionAsync("shop-staging"));
    }

    [Fact]
    public async Task A_package_can_be_named_by_a_setting_which_moves_with_a_swap_and_forbids_deployments()
    {
        await using var world = await World.WithShopAsync();
        var uri = world.Packages.Add("v8");
        await world.Arm.OkAsync("PUT", World.Staging + "/config/appsettings", $$$"""{"properties":{"WEBSITE_RUN_FROM_PACKAGE":"{{{uri}}}","s1":"slot"}}""");
        await Until.TrueAsync(async () => await world.VersionAsync("shop-staging") == "v8", "the named package runs");

        var refused = await world.Arm.SendAsync("PUT", World.Staging + "/extensions/onedeploy", $$$"""{"properties":{"packageUri":"{{{uri}}}"}}""");
        await world.Arm.SettleAsync("POST", World.Staging + "/slotsswap", """{"targetSlot":"production","preserveVnet":true}""");

        Assert.Equal(409, refused.Status);
        Assert.Equal(("v8", "v1"), (await world.VersionAsync("shop"), await world.VersionAsync("shop-staging")));
    }
}
