using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Local.DurableTask.Tests;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Functions.Tests.Runs;

/// <summary>Runs of a moment ago, on days to come.</summary>
public sealed class PurgeRunsTests : IAsyncLifetime
{
    private readonly EdgeWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_run_is_purged_with_its_steps_when_its_time_is_over_and_its_documents_stay()
    {
        await EndAsync("old");
        await EndStepAsync("old:sync");
        await EndStepAsync("old:sync:data");
        await new RunDocuments(_world.Documents).PutTextAsync(RunPaths.Audit("old"), "what was done", default);

        var lines = await PurgeAsync(after: 90.5);

        Assert.Equal(["Run old was purged with its steps, 3 instances; its documents are kept"], lines);
        Assert.Empty(await ThereAsync("old", "old:sync", "old:sync:data"));
        Assert.Equal((404, "MIG0035"), await AskAsync("old"));
        Assert.Equal("what was done", (await _world.GetAsync("/api/migrations/old/audit", People.Reader)).Body);
    }

    [Fact]
    public async Task A_run_stays_with_its_steps_until_its_time_is_over()
    {
        await EndAsync("young");
        await EndStepAsync("young:sync");

        Assert.Empty(await PurgeAsync(after: 89.5));

        Assert.Equal(["young", "young:sync"], await ThereAsync("young", "young:sync"));
    }

    [Fact]
    public async Task The_time_counts_from_the_end_of_a_run_and_not_from_its_start()
    {
        await _world.StartRunAsync("long");
        await EndStepAsync("long:sync");
        var started = (await _world.Client.GetInstanceAsync("long"))!.CreatedAt;
        await Task.Delay(50);
        await _world.SayAsync("long", Ended());
        await _world.Client.WaitForInstanceCompletionAsync("long");

        await PurgeAsync(after: 90, since: started.AddMilliseconds(25));

        Assert.Equal(["long", "long:sync"], await ThereAsync("long", "long:sync"));
    }

    [Fact]
    public async Task A_run_that_has_not_ended_is_never_purged_and_neither_are_its_steps_that_have()
    {
        await _world.StartRunAsync("open");
        await EndStepAsync("open:plan");
        await _world.StartRunAsync("way-back");
        await EndStepAsync("way-back:watch");
        await _world.SayAsync("way-back", Ended() with { Rollback = new RollbackState(DateTimeOffset.UtcNow.AddDays(1)) });

        Assert.Empty(await PurgeAsync(after: 4000));

        Assert.Equal(["open", "open:plan", "way-back", "way-back:watch"], await ThereAsync("open", "open:plan", "way-back", "way-back:watch"));
    }

    [Fact]
    public async Task Steps_whose_run_is_gone_are_purged()
    {
        await EndStepAsync("gone:verify");

        await PurgeAsync(after: 90.5);

        Assert.Empty(await ThereAsync("gone:verify"));
    }

    [Fact]
    public async Task Zero_keeps_runs_for_ever()
    {
        await EndAsync("kept");

        Assert.Empty(await PurgeAsync(after: 4000, keep: TimeSpan.Zero));

        Assert.Equal(["kept"], await ThereAsync("kept"));
    }

    [Fact]
    public async Task A_run_that_cannot_be_purged_does_not_keep_the_others()
    {
        await EndAsync("first");
        await EndAsync("second");

        using var lines = new LogLines(typeof(PurgeRuns).FullName!);
        await PurgeRuns(lines, new ManualTime(DateTimeOffset.UtcNow.AddDays(91))).RunAsync(new TimerInfo(), new StubbornClient(_world.Client, "first"), default);

        Assert.Contains("Run first could not be purged; it is tried again the next day", lines.Lines);
        Assert.Equal(["first"], await ThereAsync("first", "second"));
    }

    [Fact]
    public async Task What_is_not_purged_in_four_minutes_waits_for_the_next_day()
    {
        await EndAsync("a");
        await EndAsync("b");
        using var lines = new LogLines(typeof(PurgeRuns).FullName!);

        await PurgeRuns(lines, new Slow(DateTimeOffset.UtcNow.AddDays(91))).RunAsync(new TimerInfo(), _world.Client, default);

        Assert.Single(await ThereAsync("a", "b"));
        Assert.Contains("Purging stopped after 4 minutes; the rest is purged the next day", lines.Lines);
    }

    [Theory]
    [InlineData("00:00:00", null)]
    [InlineData("1.00:00:00", null)]
    [InlineData("90", null)]
    [InlineData("23:59:59", "Retention__Runs")]
    [InlineData("-90.00:00:00", "Retention__Runs")]
    [InlineData("never", "Retention:Runs")]
    public void A_setting_that_is_none_stops_the_start_with_its_name(string text, string? named)
    {
        var settings = new Dictionary<string, string?> { ["Auth:Authority"] = "https://login.microsoftonline.com/t/v2.0", ["Auth:Audience"] = "a", ["Retention:Runs"] = text };
        var services = new ServiceCollection().AddLogging().AddEdge(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        using var provider = services.BuildServiceProvider();

        var fault = Record.Exception(provider.GetRequiredService<IStartupValidator>().Validate);

        if (named is null)
            Assert.Null(fault);
        else
            Assert.Contains(named, fault!.Message);
    }

    private static RunState Ended() => new(RunStatus.Succeeded, [], null, null, null, null, DateTimeOffset.UnixEpoch.AddSeconds(1));

    private async Task EndAsync(string id)
    {
        await _world.StartRunAsync(id);
        await _world.SayAsync(id, Ended());
        await _world.Client.WaitForInstanceCompletionAsync(id);
    }

    private async Task EndStepAsync(string id)
    {
        await _world.ScheduleAsync(nameof(FakeStep), new StepProgress(1, 1, 1, 1, null), id);
        await _world.Client.RaiseEventAsync(id, "end", "now");
        await _world.Client.WaitForInstanceCompletionAsync(id);
    }

    /// <returns>What it logged.</returns>
    private async Task<IReadOnlyList<string>> PurgeAsync(double after, TimeSpan? keep = null, DateTimeOffset? since = null)
    {
        using var lines = new LogLines(typeof(PurgeRuns).FullName!);
        await PurgeRuns(lines, new ManualTime((since ?? DateTimeOffset.UtcNow).AddDays(after)), keep).RunAsync(new TimerInfo(), _world.Client, default);
        return [.. lines.Lines];
    }

    private static PurgeRuns PurgeRuns(LogLines lines, TimeProvider time, TimeSpan? keep = null)
    {
        var options = keep is { } runs ? new RetentionOptions { Runs = runs } : new RetentionOptions();
        return new PurgeRuns(Options.Create(options), time, new LoggerFactory([lines]).CreateLogger<PurgeRuns>());
    }

    private async Task<IReadOnlyList<string>> ThereAsync(params string[] ids)
    {
        var there = new List<string>();
        foreach (var id in ids)
        {
            if (await _world.Client.GetInstanceAsync(id) is not null)
                there.Add(id);
        }

        return there;
    }

    private async Task<(int, string?)> AskAsync(string id)
    {
        var reply = await _world.GetAsync($"/api/migrations/{id}", People.Reader);
        return (reply.Status, reply.Code);
    }

    /// <summary>Three minutes pass between two looks at the clock.</summary>
    private sealed class Slow(DateTimeOffset now) : TimeProvider
    {
        private DateTimeOffset _now = now;

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromMinutes(3);
    }
}
