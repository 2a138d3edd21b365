using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class LockTests
{
    private const string Locks = "/providers/Microsoft.Authorization/locks/";

    [Theory]
    [InlineData("/subscriptions/" + World.Subscription)]
    [InlineData(World.Group)]
    [InlineData(World.Site)]
    [InlineData(World.Staging)]
    public async Task CanNotDelete_holds_at_its_scope_and_below_and_lets_writes_pass(string scope)
    {
        await using var world = await World.WithShopAsync();
        await LockAsync(world, scope, "CanNotDelete");

        var delete = await world.Arm.SendAsync("DELETE", World.Staging);
        var write = await world.Arm.SendAsync("PUT", World.Staging + "/config/appsettings", """{"properties":{}}""");

        Assert.Equal(409, delete.Status);
        Assert.Equal("ScopeLocked", delete.Text1("error", "code"));
        Assert.Equal(
            $"The scope '{World.Staging}' cannot perform delete operation because following scope(s) are locked: '{scope}'. Please remove the lock and try again.",
            delete.Text1("error", "message"));
        Assert.Equal(200, write.Status);
    }

    [Fact]
    public async Task A_locked_child_holds_the_whole_group()
    {
        await using var world = await World.WithShopAsync();
        await LockAsync(world, World.Staging, "CanNotDelete");

        var refused = await world.Arm.SendAsync("DELETE", World.Group);
        await world.Arm.OkAsync("DELETE", World.Staging + Locks + "keep");
        var accepted = await world.Arm.SendAsync("DELETE", World.Group);

        Assert.Equal((409, 202), (refused.Status, accepted.Status));
    }

    [Theory]
    [InlineData("PUT", World.Staging + "/config/appsettings", """{"properties":{}}""")]
    [InlineData("PATCH", World.Staging, """{"tags":{}}""")]
    [InlineData("POST", World.Staging + "/slotsswap", """{"targetSlot":"production","preserveVnet":true}""")]
    [InlineData("POST", World.Site + "/restart", null)]
    [InlineData("DELETE", World.Staging, null)]
    public async Task ReadOnly_refuses_every_write_and_action(string method, string path, string? body)
    {
        await using var world = await World.WithShopAsync();
        await LockAsync(world, World.Group, "ReadOnly");

        var refused = await world.Arm.SendAsync(method, path, body);
        var read = await world.Arm.SendAsync("GET", World.Site);

        Assert.Equal((409, "ScopeLocked"), (refused.Status, refused.Text1("error", "code")));
        Assert.Equal(200, read.Status);
    }

    [Fact]
    public async Task A_lock_is_created_read_listed_and_removed()
    {
        await using var world = await World.WithShopAsync();

        var created = await world.Arm.SendAsync("PUT", World.Site + Locks + "keep", """{"properties":{"level":"CanNotDelete","notes":"live"}}""");
        var again = await world.Arm.SendAsync("PUT", World.Site + Locks + "keep", """{"properties":{"level":"ReadOnly"}}""");
        var ofGroup = await world.Arm.OkAsync("GET", World.Group + "/providers/Microsoft.Authorization/locks");
        var (gone, goneAlready) = (await world.Arm.SendAsync("DELETE", World.Site + Locks + "keep"), await world.Arm.SendAsync("DELETE", World.Site + Locks + "keep"));

        Assert.Equal((201, 200), (created.Status, again.Status));
        Assert.Equal(World.Site + Locks + "keep", created.Text1("id"));
        Assert.Equal("ReadOnly", (string?)ofGroup!["value"]!.AsArray().Single()!["properties"]!["level"]);
        Assert.Equal((200, 204), (gone.Status, goneAlready.Status));
        Assert.Equal(404, (await world.Arm.SendAsync("GET", World.Site + Locks + "keep")).Status);
    }

    [Fact]
    public async Task An_unknown_level_is_refused()
    {
        await using var world = await World.WithShopAsync();

        var refused = await world.Arm.SendAsync("PUT", World.Site + Locks + "keep", """{"properties":{"level":"Sometimes"}}""");

        Assert.Equal(400, refused.Status);
    }

    private static Task LockAsync(World world, string scope, string level) =>
        world.Arm.OkAsync("PUT", scope + Locks + "keep", $$$"""{"properties":{"level":"{{{level}}}"}}""");
}
