using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Deployments;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;

namespace Orchestrator.Local.AzureEmulator.Tests;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("[[not an expression]", "[not an expression]")]
    [InlineData("[concat('it''s ', 'fine')]", "it's fine")]
    [InlineData("[format('{0}-{1}', 'a', 2)]", "a-2")]
    [InlineData("[toUpper(substring('abcdef', 1, 3))]", "BCD")]
    [InlineData("[parameters('p').list[1].name]", "second")]
    [InlineData("[parameters('p')['list'][0].name]", "first")]
    [InlineData("[variables('twice')]", "second-second")]
    [InlineData("[if(equals(1, 1), 'yes', parameters('none'))]", "yes")]
    [InlineData("[coalesce(null(), 'fallback')]", "fallback")]
    [InlineData("[string(and(true(), not(false())))]", "True")]
    [InlineData("[string(add(2, mul(3, 4)))]", "14")]
    [InlineData("[join(createArray('a', 'b'), ',')]", "a,b")]
    [InlineData("[last(split('a/b/c', '/'))]", "c")]
    [InlineData("[resourceId('Microsoft.Web/sites/slots', 'a', 'b')]", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/a/slots/b")]
    [InlineData("[resourceId('other', 'Microsoft.Web/sites', 'a')]", "/subscriptions/s/resourceGroups/other/providers/Microsoft.Web/sites/a")]
    [InlineData("[subscription().subscriptionId]", "s")]
    [InlineData("[resourceGroup().location]", "westus")]
    [InlineData("[replace(uri('https://a.b/c/', 'd'), 'https', 'http')]", "http://a.b/c/d")]
    public async Task Expressions_have_the_value_that_ARM_gives_them(string text, string expected)
    {
        Assert.Equal(expected, await TemplateEvaluator.TextAsync(text, Scope()));
    }

    [Theory]
    [InlineData("[parameters('none')]")]
    [InlineData("[parameters('p').none]")]
    [InlineData("[substring('a', 5, 1)]")]
    [InlineData("[concat('a'")]
    [InlineData("[copyIndex()]")]
    [InlineData("[resourceId('Microsoft.Web/sites', 'a', 'b')]")]
    public async Task A_mistake_is_a_template_exception(string text)
    {
        if (!text.EndsWith(']')) text += "]";

        await Assert.ThrowsAsync<TemplateException>(() => TemplateEvaluator.EvaluateAsync(text, Scope()));
    }

    [Fact]
    public async Task Property_loops_are_unrolled()
    {
        var node = JsonNode.Parse("""{"copy":[{"name":"rules","count":2,"input":{"name":"[format('r{0}', copyIndex('rules'))]"}}],"other":1}""");

        var value = await TemplateEvaluator.EvaluateAsync(node, Scope());

        Assert.Equal("""{"rules":[{"name":"r0"},{"name":"r1"}],"other":1}""", value!.ToJsonString());
    }

    private static TemplateScope Scope() => new()
    {
        DeploymentName = "d",
        Group = new JsonObject { ["id"] = "/subscriptions/s/resourceGroups/g", ["name"] = "g", ["location"] = "westus" },
        Subscription = "s",
        Parameters = (JsonObject)JsonNode.Parse("""{"p":{"list":[{"name":"first"},{"name":"second"}]}}""")!,
        Variables = (JsonObject)JsonNode.Parse("""{"one":"[parameters('p').list[1].name]","twice":"[concat(variables('one'), '-', variables('one'))]"}""")!,
        Lookup = (_, _, _) => Task.FromResult<JsonObject?>(null),
    };
}
