using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;
using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

/// <summary>A run from its start over HTTP to its end, every orchestrator and activity of it on the real worker.</summary>
[Collection(RealAppCollection.Name)]
public sealed class PlanTests(RealApp app)
{
    private const string Site = $"{Arm.Group}/providers/Microsoft.Web/sites/shop";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_plan_is_made_and_shown()
    {
        await OpenShopAsync();

        var (started, _) = await app.CallAsync(HttpMethod.Post, "/api/migrations", Tokens.Dee, Spec("plan-shop"));
        var run = await EndedAsync("plan-shop");
        var (read, plan) = await app.CallAsync(HttpMethod.Get, "/api/migrations/plan-shop/plan", Tokens.Eve);

        Assert.Equal((202, "planned", 200), ((int)started.StatusCode, run.GetProperty("status").GetString(), (int)read.StatusCode));
        Assert.Equal(3, JsonDocument.Parse(plan).RootElement.GetProperty("data")[0].GetProperty("objects").GetInt32());
        Assert.Empty(app.Host.Errors);
    }

    private async Task OpenShopAsync()
    {
        var plan = $"{Arm.Group}/providers/Microsoft.Web/serverfarms/shop-plan";
        await app.Arm.PutAsync(Arm.Group, new JsonObject { ["location"] = "westeurope" }, CancellationToken.None);
        await app.Arm.PutAsync(plan, new JsonObject { ["location"] = "westeurope", ["sku"] = new JsonObject { ["name"] = "S1", ["tier"] = "Standard" } }, CancellationToken.None);
        await app.Arm.PutAsync(Site, new JsonObject { ["location"] = "westeurope", ["properties"] = new JsonObject { ["serverFarmId"] = plan } }, CancellationToken.None);
        await app.Arm.PutAsync($"{Site}/config/appsettings", new JsonObject { ["properties"] = new JsonObject { ["ORDERS_URL"] = Orders(Azurite.Source).Uri.AbsoluteUri } }, CancellationToken.None);
        await Orders(Azurite.Source).CreateAsync();
        for (var order = 0; order < 3; order++) await Orders(Azurite.Source).UploadBlobAsync($"{order}.json", BinaryData.FromString($"order {order}"));
    }

    private BlobContainerClient Orders(string account) => app.Blobs.Container(account, "orders");

    private JsonObject Spec(string id) => new()
    {
        ["id"] = id,
        ["mode"] = "plan",
        ["site"] = Site,
        ["release"] = new JsonObject { ["package"] = $"{app.Blobs.Url(Azurite.Source, "releases")}/v2.zip" },
        ["data"] = new JsonArray(new JsonObject
        {
            ["kind"] = "blobContainer",
            ["name"] = "orders",
            ["source"] = Orders(Azurite.Source).Uri.AbsoluteUri,
            ["target"] = Orders(Azurite.Target).Uri.AbsoluteUri,
            ["setting"] = "ORDERS_URL",
        }),
        ["snapshot"] = new JsonObject { ["container"] = app.Blobs.Url(Azurite.Own, "snapshots").AbsoluteUri },
        ["writePause"] = new JsonObject
        {
            ["on"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-only" },
            ["off"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-write" },
        },
        ["approval"] = "none",
    };

    private async Task<JsonElement> EndedAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var glances = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var (response, body) = await app.CallAsync(HttpMethod.Get, $"/api/migrations/{id}", Tokens.Eve);
            Assert.True(response.IsSuccessStatusCode, body);
            var run = JsonDocument.Parse(body).RootElement;
            if (run.GetProperty("status").GetString() is not ("pending" or "running")) return run;
            await glances.WaitForNextTickAsync(patience.Token);
        }
    }
}
