using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Orchestrator.Local.Demo;
using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

/// <summary>Runs from their start over HTTP to their end, every orchestrator and activity of them on the real worker.</summary>
[Collection(RealAppCollection.Name)]
public sealed class MigrationTests(RealApp app)
{
    [Fact]
    public async Task A_plan_is_made_and_shown()
    {
        var shop = await app.OpenShopAsync("planned");

        await app.Running.AskAsync("/api/migrations", Tokens.Dee, shop.Spec("plans", "plan"));
        var run = await app.Running.UntilAsync("plans", HasEnded);
        var plan = await app.Running.ReadAsync("/api/migrations/plans/plan");

        Assert.Equal(("planned", MovingShop.OldOrders), (Status(run), plan.GetProperty("data")[0].GetProperty("objects").GetInt32()));
        Assert.Empty(app.Running.Host.Errors);
    }

    [Fact]
    public async Task The_code_of_a_step_that_fails_for_good_reaches_whoever_asks()
    {
        await using var running = await app.StartAsync();
        var spec = (await app.OpenShopAsync("lost")).Spec("lost-site", "plan");
        spec["site"] = $"{spec["site"]}-elsewhere";

        await running.AskAsync("/api/migrations", Tokens.Dee, spec);
        var run = await running.UntilAsync("lost-site", HasEnded);

        Assert.Equal("MIG0201", run.GetProperty("failure").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_shop_moves_to_its_next_version_and_back_with_every_order()
    {
        var shop = await app.OpenShopAsync("moving");

        await app.Running.AskAsync("/api/migrations", Tokens.Dee, shop.Spec("moves", "migrate"));
        await ApproveAsync(app.Running, "moves");
        var moved = await app.Running.UntilAsync("moves", HasEnded);
        Assert.Equal(("succeeded", "shop v2"), (Status(moved), await shop.ServedAsync()));

        await shop.OrderAsync("from-v2");
        await app.Running.AskAsync("/api/migrations/moves/rollback", Tokens.Oli, new JsonObject { ["reason"] = "the old one was better" });
        var back = await app.Running.UntilAsync("moves", run => Status(run) is "rolledBack" or "failed");

        Assert.Equal(("rolledBack", "shop v1"), (Status(back), await shop.ServedAsync()));
        Assert.Equal([.. Enumerable.Range(0, MovingShop.OldOrders).Select(order => $"{order}.json"), "from-v2.json"], await NamesAsync(shop.Source));
        Assert.Empty(app.Running.Host.Errors);
    }

    [Theory]
    [InlineData("MigrationOrchestrator")]
    [InlineData("SnapshotData")]
    [InlineData("FinalDelta")]
    [InlineData("MakeSlotLive")]
    public async Task A_worker_that_dies_with_an_answer_is_followed_by_one_that_goes_on(string function)
    {
        await using var running = await app.StartAsync();
        var id = $"dies-at-{function.ToLowerInvariant()}";
        var shop = await app.OpenShopAsync(id);
        var replaced = running.Host.ReplaceWorkerAfterAsync(function);

        await running.AskAsync("/api/migrations", Tokens.Dee, shop.Spec(id, "migrate"));
        await ApproveAsync(running, id);
        var moved = await running.UntilAsync(id, HasEnded);

        Assert.Equal((true, "succeeded", "shop v2"), (replaced.IsCompletedSuccessfully, Status(moved), await shop.ServedAsync()));
        Assert.Equal(await NamesAsync(shop.Source), await NamesAsync(shop.Target));
        Assert.Empty(running.Host.Errors);
    }

    private static async Task ApproveAsync(RunningApp running, string id)
    {
        var asked = await running.UntilAsync(id, run => run.TryGetProperty("pendingApproval", out _) || HasEnded(run));
        Assert.Equal("waitingForApproval", Status(asked));
        var approval = asked.GetProperty("pendingApproval");
        await running.AskAsync(
            $"/api/approvals/{approval.GetProperty("id").GetString()}", Tokens.Ben, new JsonObject { ["decision"] = "approve", ["digest"] = approval.GetProperty("digest").GetString() });
    }

    private static string Status(JsonElement run) => run.GetProperty("status").GetString()!;

    private static bool HasEnded(JsonElement run) => Status(run) is "planned" or "succeeded" or "compensated" or "rejected" or "cancelled" or "failed" or "rolledBack";

    private static async Task<List<string>> NamesAsync(BlobContainerClient container)
    {
        var names = new List<string>();
        await foreach (var blob in container.GetBlobsAsync()) names.Add(blob.Name);
        return names;
    }
}
