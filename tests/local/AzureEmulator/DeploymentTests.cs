using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class DeploymentTests
{
    private const string Deployment = $"{World.Group}/providers/Microsoft.Resources/deployments/release";
    private const string Storage = $"{World.Group}/providers/Microsoft.Storage/storageAccounts/shopstore2";

    /// <summary>A slot with settings, a store with a container, and an output that refers to the store: what a release deploys.</summary>
    private const string Template = """
        {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "parameters": {
            "site": { "type": "string" },
            "location": { "type": "string", "defaultValue": "[resourceGroup().location]" },
            "tags": { "type": "object", "defaultValue": {} },
            "secret": { "type": "securestring", "defaultValue": "hidden" }
          },
          "variables": { "slot": "[format('{0}/{1}', parameters('site'), 'v2')]", "store": "[toLower(concat('SHOP', 'store2'))]" },
          "resources": [
            {
              "type": "Microsoft.Web/sites/slots/config", "apiVersion": "2022-09-01", "name": "[format('{0}/{1}', variables('slot'), 'appsettings')]",
              "dependsOn": [ "[resourceId('Microsoft.Web/sites/slots', parameters('site'), 'v2')]" ],
              "properties": { "ORDERS_URL": "[concat(reference(resourceId('Microsoft.Storage/storageAccounts', variables('store')), '2023-01-01').primaryEndpoints.blob, 'orders')]" }
            },
            {
              "type": "Microsoft.Web/sites/slots", "apiVersion": "2022-09-01", "name": "[variables('slot')]", "location": "[parameters('location')]", "tags": "[parameters('tags')]",
              "properties": { "httpsOnly": false, "siteConfig": { "alwaysOn": false, "healthCheckPath": "/healthz" } }
            },
            {
              "type": "Microsoft.Storage/storageAccounts/blobServices/containers", "apiVersion": "2023-01-01", "name": "[format('{0}/default/orders', variables('store'))]",
              "dependsOn": [ "[variables('store')]" ], "properties": {}
            },
            {
              "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "[variables('store')]", "location": "[parameters('location')]",
              "sku": { "name": "Standard_LRS" }, "kind": "StorageV2", "properties": { "minimumTlsVersion": "TLS1_2" }
            }
          ],
          "outputs": {
            "blob": { "type": "string", "value": "[reference(resourceId('Microsoft.Storage/storageAccounts', variables('store')), '2023-01-01').primaryEndpoints.blob]" },
            "unique": { "type": "string", "value": "[uniqueString(resourceGroup().id)]" }
          }
        }
        """;

    [Fact]
    public async Task What_if_says_create_then_after_deploying_no_change_then_what_a_change_would_modify()
    {
        await using var world = await World.WithShopAsync();

        var before = await WhatIfAsync(world, Template);
        var deployed = await world.Arm.SettleAsync("PUT", Deployment, Body(Template));
        var after = await WhatIfAsync(world, Template);
        var changed = await WhatIfAsync(world, Template.Replace("/healthz", "/ready"));

        Assert.Equal("Succeeded", deployed.Text1("status"));
        Assert.Equal(["Create", "Create", "Create", "Create"], Named(before).Select(change => (string)change!["changeType"]!));
        Assert.Equal(["NoChange", "NoChange", "NoChange", "NoChange"], Named(after).Select(change => (string)change!["changeType"]!));
        var modified = Assert.Single(Named(changed), change => (string?)change!["changeType"] == "Modify")!;
        Assert.Equal(World.Site + "/slots/v2", (string?)modified["resourceId"]);
        Assert.Equal(
            """[{"path":"properties.siteConfig.healthCheckPath","propertyChangeType":"Modify","before":"/healthz","after":"/ready"}]""", modified["delta"]!.ToJsonString());
        var others = before["properties"]!["changes"]!.AsArray().Where(change => (string?)change!["changeType"] == "Ignore");
        Assert.Equal([World.Site, World.Plan], others.Select(change => (string)change!["resourceId"]!));
    }

    [Fact]
    public async Task A_deployment_is_accepted_polled_by_its_status_and_then_tells_what_it_made()
    {
        await using var world = await World.WithShopAsync();

        var accepted = await world.Arm.SendAsync("PUT", Deployment, Body(Template));
        var status = await world.Arm.SettleAsync("PUT", Deployment + "2", Body(Template));
        await Until.TrueAsync(async () => (await world.Arm.SendAsync("GET", accepted.Header("Azure-AsyncOperation")!)).Text1("status") == "Succeeded", "the first one is done");
        var read = await world.Arm.SendAsync("GET", Deployment);

        Assert.Equal((201, "Accepted"), (accepted.Status, accepted.Text1("properties", "provisioningState")));
        Assert.Null(accepted.Header("Location"));
        Assert.Matches($"{Deployment}/operationStatuses/[0-9]{{20}}[?]api-version=", accepted.Header("Azure-AsyncOperation"));
        Assert.Equal("""{"status":"Succeeded"}""", status.Text);
        var properties = read.Body!["properties"]!;
        Assert.Equal("""{"type":"String","value":"shop"}""", properties["parameters"]!["site"]!.ToJsonString());
        Assert.Equal("""{"type":"SecureString"}""", properties["parameters"]!["secret"]!.ToJsonString());
        Assert.Equal("""{"type":"String","value":"http://127.0.0.1:10000/shopstore2/"}""", properties["outputs"]!["blob"]!.ToJsonString());
        Assert.Matches("^[a-z2-7]{13}$", (string?)properties["outputs"]!["unique"]!["value"]);
        Assert.Equal(4, properties["outputResources"]!.AsArray().Count);
        Assert.Matches("^[0-9]+$", (string?)properties["templateHash"]);
        Assert.Equal("http://127.0.0.1:10000/shopstore2/orders", (string?)(await world.SettingsAsync(World.Site + "/slots/v2"))["ORDERS_URL"]);
        Assert.Equal(200, (await world.Arm.SendAsync("GET", Storage + "/blobServices/default/containers/orders")).Status);
    }

    [Fact]
    public async Task Operations_are_listed_without_the_provider_segment_and_end_with_the_evaluation_of_outputs()
    {
        await using var world = await World.WithShopAsync();
        var accepted = await world.Arm.SendAsync("PUT", Deployment, Body(Template));
        await Until.TrueAsync(async () => (await world.Arm.SendAsync("GET", accepted.Header("Azure-AsyncOperation")!)).Text1("status") == "Succeeded", "it is done");

        var operations = (await world.Arm.OkAsync("GET", $"/subscriptions/{World.Subscription}/resourcegroups/shop/deployments/release/operations"))!["value"]!.AsArray();

        Assert.Equal(5, operations.Count);
        Assert.Equal("EvaluateDeploymentOutput", (string?)operations[^1]!["properties"]!["provisioningOperation"]);
        Assert.Contains("operationStatuses/" + (string?)operations[^1]!["operationId"], accepted.Header("Azure-AsyncOperation"));
        var slot = operations.Single(operation => (string?)operation!["properties"]!["targetResource"]?["id"] == World.Site + "/slots/v2")!;
        Assert.Equal(("Create", "Succeeded", "OK"), (
            (string?)slot["properties"]!["provisioningOperation"], (string?)slot["properties"]!["provisioningState"], (string?)slot["properties"]!["statusCode"]));
    }

    [Fact]
    public async Task A_resource_that_fails_fails_the_deployment_and_those_that_depend_on_it_are_not_tried()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.OkAsync("PUT", $"{World.Site}/providers/Microsoft.Authorization/locks/keep", """{"properties":{"level":"ReadOnly"}}""");

        var status = await world.Arm.SettleAsync("PUT", Deployment, Body(Template));
        var read = await world.Arm.SendAsync("GET", Deployment);

        Assert.Equal("Failed", status.Text1("status"));
        Assert.Equal("DeploymentFailed", status.Text1("error", "code"));
        var detail = Assert.Single(status.Body!["error"]!["details"]!.AsArray())!;
        Assert.Equal(("ScopeLocked", World.Site + "/slots/v2"), ((string?)detail["code"], (string?)detail["target"]));
        Assert.Equal("ScopeLocked", (string?)JsonNode.Parse((string)detail["message"]!)!["error"]!["code"]);
        Assert.Equal("Failed", read.Text1("properties", "provisioningState"));
        Assert.Equal(200, (await world.Arm.SendAsync("GET", Storage)).Status);
    }

    [Theory]
    [InlineData("toLower(", "moonPhase(", "The template function 'moonPhase' is not valid")]
    [InlineData("variables('store'))]\"", "variables('none'))]\"", "'none' is not found")]
    [InlineData("\"[variables('store')]\" ], \"properties\"", "\"nobody\" ], \"properties\"", "The resource 'nobody' is not defined in the template")]
    [InlineData("\"name\": \"[variables('store')]\"", "\"name\": \"a/b\"", "incorrect segment lengths")]
    [InlineData("[variables('slot')]", "[variables('slot']", "Unable to parse language expression")]
    public async Task A_template_with_a_mistake_is_refused_before_anything_starts(string right, string wrong, string message)
    {
        await using var world = await World.WithShopAsync();

        var validated = await world.Arm.SendAsync("POST", Deployment + "/validate", Body(Template.Replace(right, wrong)));
        var put = await world.Arm.SendAsync("PUT", Deployment, Body(Template.Replace(right, wrong)));

        foreach (var refused in (ArmAnswer[])[validated, put])
        {
            Assert.Equal((400, "InvalidTemplate"), (refused.Status, refused.Text1("error", "code")));
            Assert.Contains(message, refused.Text1("error", "message"));
        }

        Assert.Equal(404, (await world.Arm.SendAsync("GET", Deployment)).Status);
    }

    [Theory]
    [InlineData("{}", "The value for the template parameter 'site'")]
    [InlineData("""{"site":{"value":"shop"},"moon":{"value":1}}""", "The template parameters 'moon' in the parameters file are not valid")]
    [InlineData("""{"site":{"value":7}}""", "Expected 'String'")]
    public async Task Parameters_are_checked(string parameters, string message)
    {
        await using var world = await World.WithShopAsync();

        var refused = await world.Arm.SendAsync("PUT", Deployment, Body(Template, parameters));

        Assert.Equal((400, "InvalidTemplate"), (refused.Status, refused.Text1("error", "code")));
        Assert.Contains(message, refused.Text1("error", "message"));
        Assert.Equal(404, (await world.Arm.SendAsync("GET", Deployment)).Status);
    }

    [Fact]
    public async Task A_circle_of_dependencies_is_refused()
    {
        await using var world = await World.WithShopAsync();
        const string Circle = """
            {"resources":[
              {"type":"Microsoft.Web/serverfarms","apiVersion":"2022-09-01","name":"a","location":"westus","dependsOn":["b"]},
              {"type":"Microsoft.Web/serverfarms","apiVersion":"2022-09-01","name":"b","location":"westus","dependsOn":["a"]}]}
            """;

        var refused = await world.Arm.SendAsync("PUT", Deployment, Body(Circle, "{}"));

        Assert.Equal((400, "InvalidTemplateCircularDependency"), (refused.Status, refused.Text1("error", "code")));
    }

    [Fact]
    public async Task Validation_lists_what_would_be_deployed_and_deploys_nothing()
    {
        await using var world = await World.WithShopAsync();

        var validated = await world.Arm.SendAsync("POST", Deployment + "/validate", Body(Template));

        Assert.Equal(200, validated.Status);
        Assert.Equal(("Succeeded", "PT0S"), (validated.Text1("properties", "provisioningState"), validated.Text1("properties", "duration")));
        Assert.Equal(4, validated.Body!["properties"]!["validatedResources"]!.AsArray().Count);
        Assert.Equal(404, (await world.Arm.SendAsync("GET", Storage)).Status);
        Assert.Equal(404, (await world.Arm.SendAsync("GET", Deployment)).Status);
    }

    [Fact]
    public async Task Modules_with_an_inner_scope_loops_conditions_and_symbolic_names_are_deployed_as_Bicep_writes_them()
    {
        await using var world = await World.WithShopAsync();
        const string Module = """
            {
              "languageVersion": "2.0", "contentVersion": "1.0.0.0",
              "parameters": { "names": { "type": "array", "defaultValue": ["one", "two"] } },
              "resources": {
                "site": { "existing": true, "type": "Microsoft.Web/sites", "apiVersion": "2022-09-01", "name": "shop" },
                "slots": {
                  "copy": { "name": "slots", "count": "[length(parameters('names'))]" },
                  "type": "Microsoft.Web/sites/slots", "apiVersion": "2022-09-01", "name": "[format('shop/{0}', parameters('names')[copyIndex()])]",
                  "location": "[resourceGroup().location]", "properties": {}
                },
                "never": { "condition": "[equals(1, 2)]", "type": "Microsoft.Web/sites/slots", "apiVersion": "2022-09-01", "name": "shop/never", "location": "westus", "properties": {} },
                "inner": {
                  "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner", "dependsOn": [ "slots" ],
                  "properties": {
                    "expressionEvaluationOptions": { "scope": "inner" }, "mode": "Incremental",
                    "parameters": { "host": { "value": "[reference('site').defaultHostName]" } },
                    "template": {
                      "contentVersion": "1.0.0.0", "parameters": { "host": { "type": "string" } },
                      "resources": [ { "type": "Microsoft.Web/serverfarms", "apiVersion": "2022-09-01", "name": "extra", "location": "westus", "sku": { "name": "S1" }, "tags": { "host": "[parameters('host')]" } } ],
                      "outputs": { "host": { "type": "string", "value": "[parameters('host')]" } }
                    }
                  }
                }
              },
              "outputs": { "host": { "type": "string", "value": "[reference('inner').outputs.host.value]" } }
            }
            """;

        var before = await WhatIfAsync(world, Module, "{}");
        var deployed = await world.Arm.SettleAsync("PUT", Deployment, Body(Module, "{}"));
        var after = await WhatIfAsync(world, Module, "{}");

        Assert.True(deployed.Text1("status") == "Succeeded", deployed.Text);
        Assert.Equal("shop.azurewebsites.net", (await world.Arm.SendAsync("GET", Deployment)).Text1("properties", "outputs", "host", "value"));
        Assert.Equal("shop.azurewebsites.net", (await world.Arm.SendAsync("GET", World.Web + "/serverfarms/extra")).Text1("tags", "host"));
        Assert.Equal(200, (await world.Arm.SendAsync("GET", World.Site + "/slots/two")).Status);
        Assert.Equal(404, (await world.Arm.SendAsync("GET", World.Site + "/slots/never")).Status);
        Assert.Equal(3, Named(before).Count(change => (string?)change!["changeType"] == "Create"));
        Assert.Equal(3, Named(after).Count(change => (string?)change!["changeType"] == "NoChange"));
    }

    [Fact]
    public async Task Complete_mode_deletes_what_the_template_does_not_name_unless_the_group_is_locked()
    {
        await using var world = await World.WithShopAsync();
        const string OnlyThePlan = """{"resources":[{"type":"Microsoft.Web/serverfarms","apiVersion":"2022-09-01","name":"plan","location":"westeurope","sku":{"name":"S1"}}]}""";
        var complete = Body(OnlyThePlan, "{}").Replace("Incremental", "Complete");
        await world.Arm.OkAsync("PUT", World.Web + "/serverfarms/unlocked", """{"location":"westeurope","sku":{"name":"S1"} }""");
        await world.Arm.OkAsync("PUT", World.Site + "/providers/Microsoft.Authorization/locks/keep", """{"properties":{"level":"CanNotDelete"}}""");

        await world.Arm.SettleAsync("PUT", Deployment, complete);
        var locked = await world.Arm.SendAsync("GET", World.Web + "/serverfarms/unlocked");
        await world.Arm.OkAsync("DELETE", World.Site + "/providers/Microsoft.Authorization/locks/keep");
        await world.Arm.SettleAsync("PUT", Deployment, complete);
        var free = await world.Arm.SendAsync("GET", World.Site);

        Assert.Equal((200, 404), (locked.Status, free.Status));
        Assert.Equal(200, (await world.Arm.SendAsync("GET", World.Plan)).Status);
    }

    [Fact]
    public async Task A_running_deployment_can_be_cancelled_once_and_not_be_replaced()
    {
        await using var world = await World.WithShopAsync(change: options => new EmulatorOptions
        {
            DataDirectory = options.DataDirectory,
            Runtime = options.Runtime,
            RetryAfterSeconds = 0,
            Durations = options.Durations with { DeploymentStep = TimeSpan.FromSeconds(30) },
        });
        await world.Arm.OkAsync("PUT", Deployment, Body(Template));

        var replaced = await world.Arm.SendAsync("PUT", Deployment, Body(Template));
        var cancelled = await world.Arm.SendAsync("POST", Deployment + "/cancel");
        await Until.TrueAsync(async () => (await world.Arm.SendAsync("GET", Deployment)).Text1("properties", "provisioningState") == "Canceled", "it is cancelled");
        var again = await world.Arm.SendAsync("POST", Deployment + "/cancel");

        Assert.Equal((409, 204, 409), (replaced.Status, cancelled.Status, again.Status));
    }

    [Fact]
    public async Task A_group_exports_a_template_that_would_change_nothing()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.SettleAsync("PUT", Deployment, Body(Template));

        var exported = await world.Arm.OkAsync("POST", World.Group + "/exportTemplate", """{"resources":["*"]}""");
        var changes = await WhatIfAsync(world, exported!["template"]!.ToJsonString(), "{}");
        var ofDeployment = await world.Arm.OkAsync("POST", Deployment + "/exportTemplate");

        Assert.Equal(5, changes["properties"]!["changes"]!.AsArray().Count);
        Assert.All(changes["properties"]!["changes"]!.AsArray(), change => Assert.True((string?)change!["changeType"] == "NoChange", change.ToJsonString()));
        Assert.DoesNotContain("6.9.1", exported.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Template), ofDeployment!["template"]));
    }

    [Fact]
    public async Task Head_and_delete_know_a_deployment()
    {
        await using var world = await World.WithShopAsync();
        await world.Arm.SettleAsync("PUT", Deployment, Body(Template));

        var there = await world.Arm.SendAsync("HEAD", Deployment);
        var gone = await world.Arm.SettleAsync("DELETE", Deployment);
        var after = await world.Arm.SendAsync("HEAD", Deployment);

        Assert.Equal((204, 204, 404), (there.Status, gone.Status, after.Status));
    }

    private static string Body(string template, string parameters = """{"site":{"value":"shop"}}""") =>
        $$$"""{"properties":{"mode":"Incremental","template":{{{template}}},"parameters":{{{parameters}}} } }""";

    private static async Task<JsonNode> WhatIfAsync(World world, string template, string parameters = """{"site":{"value":"shop"}}""")
    {
        var answer = await world.Arm.SettleAsync("POST", Deployment + "/whatIf", Body(template, parameters));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Body!;
    }

    /// <summary>The changes of what the template names.</summary>
    private static List<JsonNode?> Named(JsonNode whatIf) =>
        [.. whatIf["properties"]!["changes"]!.AsArray().Where(change => (string?)change!["changeType"] != "Ignore")];
}
