using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.CutOver;

/// <summary>
/// The calls to Resource Manager of a cut-over, of one that fails at each of them, and of a rollback, against the reviewed files in the folder Calls. Reads
/// are listed once between two changes, and the polls of the swap not at all: how often one looks is not what these lists are about. A wanted change is
/// reviewed and written with ORCHESTRATOR_APPROVE=1.
/// </summary>
public sealed class ArmCallTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task A_cut_over_makes_these_calls()
    {
        var (list, run) = await MigrateAsync(_ => Task.CompletedTask);

        Assert.Equal(RunStatus.Succeeded, run.Status);
        await AssertReviewedAsync("cut-over", list);
    }

    [Theory]
    [InlineData("locks", "GET", "/providers/Microsoft.Authorization/locks$")]
    [InlineData("site", "GET", "/sites/shop$")]
    [InlineData("slot", "GET", "/slots/v2$")]
    [InlineData("preview", "POST", "/applySlotConfig$")]
    [InlineData("swap", "POST", "/slotsswap$")]
    public async Task A_cut_over_whose_call_is_refused_makes_these_and_undoes_itself(string call, string method, string path)
    {
        var (list, run) = await MigrateAsync(world => world.FaultAsync(method, path, status: 400));

        Assert.Equal((RunStatus.Compensated, StepNames.CutOver), (run.Status, run.Failure?.Step));
        await AssertReviewedAsync($"refused-{call}", list);
    }

    [Theory]
    [InlineData("preview", "POST", "/applySlotConfig$")]
    [InlineData("swap", "POST", "/slotsswap$")]
    public async Task A_cut_over_whose_call_takes_effect_and_is_not_answered_makes_these_and_goes_on(string call, string method, string path)
    {
        var (list, run) = await MigrateAsync(world => world.FaultAsync(method, path, drop: true, after: true));

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        await AssertReviewedAsync($"unanswered-{call}", list);
    }

    [Fact]
    public async Task A_rollback_makes_these_calls()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });
        await world.UntilAsync("shop-v2", seen => seen.Status == RunStatus.Succeeded);
        var before = (await world.ArmCallsAsync()).Count;

        await world.AskAsync(ControlRequest.Rollback);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.RolledBack, run.Status);
        await AssertReviewedAsync("rollback", Listed((await world.ArmCallsAsync()).Skip(before)));
    }

    /// <param name="disturb">Called as the cut-over begins; what it sets is lifted as the undo begins.</param>
    private async Task<(string List, RunState Run)> MigrateAsync(Func<World, Task> disturb)
    {
        var faults = new Faults();
        await using var world = await World.StartAsync(azurite, faults);
        var (first, last, paused) = (-1, int.MaxValue, false);
        faults.Before = async activity =>
        {
            if (activity == nameof(CheckReadiness) && first < 0)
            {
                first = (await world.ArmCallsAsync()).Count;
                await disturb(world);
            }

            // The preparation tells the slot, whose writes nobody paused, to take writes too.
            paused |= activity == nameof(PauseWrites);
            if (activity == nameof(CancelPreview) || (paused && activity == nameof(ResumeWrites))) await world.LiftFaultsAsync();
            if (activity == nameof(ReadGates) && last == int.MaxValue) last = (await world.ArmCallsAsync()).Count;
        };

        var run = await world.MigrateAsync(world.Spec());

        return (Listed((await world.ArmCallsAsync()).Take(last).Skip(first)), run);
    }

    private static string Listed(IEnumerable<(string Method, string Path, int Status)> calls)
    {
        var lines = new List<string>();
        var reads = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (method, path, status) in calls.Where(call => !call.Path.Contains("/operationresults/", StringComparison.OrdinalIgnoreCase)))
        {
            var line = $"{method} {path.Replace(World.SiteId, "{site}", StringComparison.OrdinalIgnoreCase)} {status}";
            if (method != "GET") reads.Clear();
            else if (!reads.Add(line)) continue;
            lines.Add(line);
        }

        return string.Join('\n', lines) + "\n";
    }

    private static async Task AssertReviewedAsync(string name, string list)
    {
        var file = Path.Combine(Repository.Root, "tests", "workflows", "CutOver", "Calls", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_APPROVE") == "1") await File.WriteAllTextAsync(file, list);
        Assert.Equal(File.Exists(file) ? await File.ReadAllTextAsync(file) : "", list);
    }
}
