using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

public sealed class HostJsonTests
{
    [Fact]
    public void The_two_back_ends_differ_in_where_runs_are_kept_and_in_nothing_else()
    {
        var scheduler = Read("host.scheduler.json");
        var storage = Read("host.json");
        scheduler["extensions"]!["durableTask"]!.AsObject().Remove("storageProvider");
        storage["extensions"]!["durableTask"]!.AsObject().Remove("storageProvider");

        Assert.True(JsonNode.DeepEquals(storage, scheduler));
    }

    // A misspelt member is passed over in silence. Read off the assembly of the durable extension 3.18.0: DurableTaskOptions, TraceOptions, AzureStorageOptions.
    [Theory]
    [InlineData("", "hubName storageProvider tracing defaultVersion versionMatchStrategy versionFailureStrategy maxConcurrentActivityFunctions maxConcurrentOrchestratorFunctions useGracefulShutdown")]
    [InlineData("tracing", "distributedTracingEnabled version traceInputsAndOutputs traceReplayEvents")]
    [InlineData("storageProvider", "type connectionName maxQueuePollingInterval partitionCount controlQueueVisibilityTimeout workItemQueueVisibilityTimeout")]
    public void The_durable_extension_knows_every_member(string section, string known)
    {
        var durable = Read("host.json")["extensions"]!["durableTask"]!;
        var members = (section.Length == 0 ? durable : durable[section]!).AsObject().Select(member => member.Key);

        Assert.Empty(members.Except(known.Split(' ')));
    }

    [Fact]
    public void The_task_hub_that_Bicep_makes_is_the_one_that_the_app_uses()
    {
        var hub = Templates.Of("infra/modules/durable-task-scheduler.bicep").Resources.Single(r => r.Type.Contains("/taskHubs@"));

        Assert.Equal(Durable()["hubName"]!.GetValue<string>(), Regex.Match(hub.Body, "name: '([^']+)'").Groups[1].Value);
    }

    [Fact]
    public void The_setting_that_names_the_scheduler_is_one_that_Bicep_sets()
    {
        var name = Durable()["storageProvider"]!["connectionStringName"]!.GetValue<string>();

        Assert.Contains($" {name}: ", Templates.Of("infra/modules/function-app.bicep").Variables.Single(v => v.Name == "schedulerSettings").Value);
    }

    private static JsonNode Durable() => Read("host.scheduler.json")["extensions"]!["durableTask"]!;

    private static JsonNode Read(string path) => JsonNode.Parse(Repository.Read(path))!;
}
