using System.Text.Json;

namespace Orchestrator.EndToEnd;

[Collection(OneAtATime.Name)]
public sealed class MigrationTests
{
    private const string Objects = "400";

    [Theory]
    [InlineData("provision")]
    [InlineData("sync")]
    [InlineData("verify")]
    [InlineData("cutOver")]
    public async Task A_step_that_fails_for_good_leaves_v1_serving_and_nothing_behind(string step)
    {
        var result = await DemoProcess.RunAsync("--fail-at", step, "--objects", Objects);

        Assert.Equal("compensated", Text(result, "status"));
        Assert.StartsWith(step + " ", Text(result, "failure"), StringComparison.Ordinal);
        Assert.Equal("v1", Text(result, "servedVersion"));
        Assert.Equal(0, Number(result, "failedRequests"));
        Assert.Equal(0, Number(result, "lostWrites"));
        Assert.Equal(0, Number(result, "mismatches"));
        Assert.Equal(0, Number(result, "swaps"));
        Assert.Empty(result.GetProperty("leftBehind").EnumerateArray());
    }

    [Theory]
    [InlineData("approve", true)]
    [InlineData("cutOver", false)]
    public async Task A_run_whose_process_is_killed_ends_as_if_it_had_not_been(string step, bool replayFromStart)
    {
        var settings = new Dictionary<string, string> { ["LocalHost__ReplayFromStart"] = replayFromStart.ToString() };

        var result = await DemoProcess.RunAsync(settings, "--kill-at", step, "--objects", Objects);

        Assert.True(result.GetProperty("killed").GetBoolean());
        Assert.Equal("succeeded", Text(result, "status"));
        Assert.Equal("v2", Text(result, "servedVersion"));
        Assert.Equal(1, Number(result, "swaps"));
        Assert.Equal(0, Number(result, "failedRequests"));
        Assert.Equal(0, Number(result, "lostWrites"));
        Assert.Equal(0, Number(result, "mismatches"));
    }

    [Fact]
    public async Task A_rejected_run_undoes_everything()
    {
        var result = await DemoProcess.RunAsync("--reject", "--objects", Objects);

        Assert.Equal("rejected", Text(result, "status"));
        Assert.Equal("v1", Text(result, "servedVersion"));
        Assert.Equal(0, Number(result, "swaps"));
        Assert.Empty(result.GetProperty("leftBehind").EnumerateArray());
    }

    [Fact]
    public async Task A_run_whose_process_was_killed_can_be_rolled_back_and_v1_has_every_order_that_customers_made_at_v2()
    {
        var result = await DemoProcess.RunAsync("--kill-at", "sync", "--roll-back", "--objects", Objects);

        Assert.True(result.GetProperty("killed").GetBoolean());
        Assert.Equal("rolledBack", Text(result, "status"));
        Assert.Equal("v1", Text(result, "servedVersion"));
        Assert.Equal(2, Number(result, "swaps"));
        Assert.Equal(0, Number(result, "failedRequests"));
        Assert.Equal(0, Number(result, "lostWrites"));
        Assert.Equal(0, Number(result, "mismatches"));
        Assert.Empty(result.GetProperty("leftBehind").EnumerateArray());
    }

    private static string Text(JsonElement result, string member) => result.GetProperty(member).GetString()!;

    private static int Number(JsonElement result, string member) => result.GetProperty(member).GetInt32();
}
