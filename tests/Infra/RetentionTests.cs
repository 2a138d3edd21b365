using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Functions.Migrations;

namespace Orchestrator.Infra.Tests;

/// <summary>What is deleted some day, and what never is.</summary>
public sealed class RetentionTests
{
    private const string Main = "infra/main.bicep";

    [Fact]
    public void The_scheduler_and_the_app_are_told_the_same_number_of_days()
    {
        var text = Templates.Of(Main).Text;

        Assert.Contains("    retentionDays: runRetentionDays\n", text);
        Assert.Contains("    runRetentionDays: runRetentionDays\n", text);
        Assert.Contains("  Retention__Runs: '${runRetentionDays}.00:00:00'\n", Templates.Of("infra/modules/function-app.bicep").Text);
    }

    [Fact]
    public void Every_number_of_days_is_one_that_both_take()
    {
        var days = Templates.Of(Main).Parameters.Single(p => p.Name == "runRetentionDays");
        var least = TimeSpan.FromDays(int.Parse(days.Decoration("minValue")!, CultureInfo.InvariantCulture));

        // The scheduler keeps for 90 days at most; its 0 is "at once", the app's is "never".
        Assert.Equal((RetentionOptions.Least, "90"), (least, days.Decoration("maxValue")));
        Assert.Equal(new RetentionOptions().Runs, TimeSpan.FromDays(int.Parse(days.Default!, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task The_scheduler_purges_whatever_has_ended_by_the_number_that_it_is_given()
    {
        var policies = (await BodyAsync("Microsoft.DurableTask/schedulers/retentionPolicies"))["retentionPolicies"]!.AsArray();

        // Without a state it is for all of them.
        Assert.Equal("""[{"retentionPeriodInDays":"[parameters('retentionDays')]"}]""", policies.ToJsonString(Plain));
    }

    [Fact]
    public async Task Of_the_documents_previous_versions_are_deleted_and_nothing_else()
    {
        var rule = (await BodyAsync("Microsoft.Storage/storageAccounts/managementPolicies"))["policy"]!["rules"]!.AsArray().Single()!;
        var (filters, actions) = (rule["definition"]!["filters"]!, rule["definition"]!["actions"]!);

        Assert.Equal("""["[format('{0}/', 'state')]"]""", filters["prefixMatch"]!.ToJsonString(Plain));
        Assert.Equal("""{"version":{"delete":{"daysAfterCreationGreaterThan":"[parameters('previousVersionDays')]"}}}""", actions.ToJsonString(Plain));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The properties of the only resource of this type, as the compiler writes them.
    private static async Task<JsonNode> BodyAsync(string type)
    {
        var (_, compiled, _) = await Tool.RunAsync(CompileTests.Compiler, "build", Path.Combine(Repository.Root, Main), "--stdout");
        return Objects(JsonNode.Parse(compiled)!).Single(o => o["type"] is JsonValue value && value.ToString() == type)["properties"]!;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject found => found.SelectMany(member => Objects(member.Value)).Prepend(found),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };
}
