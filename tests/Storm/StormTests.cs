using System.Diagnostics;
using Xunit.Abstractions;

namespace Orchestrator.Storm;

/// <summary>
/// Migrations whose cut-over, or what comes after it, meets kills of the orchestrator, failing calls and rollbacks. Seeds 1 to 6;
/// ORCHESTRATOR_STORM_SEEDS sets others, as start-count: 17-1 is seed 17 alone.
/// </summary>
public sealed class StormTests(BlobServer server, ITestOutputHelper output) : IClassFixture<BlobServer>
{
    private const string Setting = "ORCHESTRATOR_STORM_SEEDS";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    public static TheoryData<int> Seeds
    {
        get
        {
            var parts = (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } given ? given : "1-6").Split('-');
            return new TheoryData<int>(Enumerable.Range(int.Parse(parts[0]), int.Parse(parts[1])));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task Whatever_strikes_the_cut_over_no_write_is_lost_one_side_serves_and_nothing_is_left_half_way(int seed)
    {
        var weather = Weather.Of(seed);
        using var limit = new CancellationTokenSource(Limit);
        var world = await StormWorld.StartAsync(server, seed, limit.Token);
        await using var crowd = new Crowd(world.FrontPort);
        using var storm = new Storm(world, weather, crowd);
        IReadOnlyList<string> faults;
        try
        {
            faults = await FaultsAsync(world, weather, storm, crowd, limit.Token);
        }
        catch (Exception broken)
        {
            faults = [broken.ToString()];
        }

        if (faults.Count > 0) faults = [.. faults, .. await KeepEvidenceAsync(storm)];
        await crowd.LeaveAsync();
        await world.DisposeAsync();
        if (faults.Count == 0) Directory.Delete(world.Folder, recursive: true);
        var told = string.Join('\n', storm.Story.Prepend($"{weather}"));
        output.WriteLine(told);
        Assert.True(faults.Count == 0, $"{string.Join('\n', faults)}\n\n{told}\n\nEvidence: {world.Folder}\nAlone: {Setting}={seed}-1 dotnet test tests/Storm");
    }

    [Fact]
    public void The_same_seed_draws_the_same_weather()
    {
        var drawn = Enumerable.Range(1, 200).Select(seed => $"{Weather.Of(seed)}").ToList();

        Assert.Equal(drawn, Enumerable.Range(1, 200).Select(seed => $"{Weather.Of(seed)}"));
        Assert.Equal(drawn.Count, drawn.Distinct(StringComparer.Ordinal).Count());
    }

    /// <returns>What kept it from being kept: an app that is gone for good answers nothing.</returns>
    private static async Task<IReadOnlyList<string>> KeepEvidenceAsync(Storm storm)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await storm.KeepEvidenceAsync(limit.Token);
            return [];
        }
        catch (Exception broken)
        {
            return [$"And not all evidence could be kept: {broken.Message}"];
        }
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(StormWorld world, Weather weather, Storm storm, Crowd crowd, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var run = await storm.RunAsync(cancellationToken);
        var isServed = await crowd.IsServedAsync();
        await crowd.LeaveAsync();
        var after = await Places.ReadAsync(world, cancellationToken);
        output.WriteLine($"{run.Status} after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, {crowd.Purchases.Count()} orders; {string.Join(", ", run.Steps.Where(step => step.EndedAt is not null).Select(step => $"{step.Name} {(step.EndedAt - step.StartedAt)!.Value.TotalSeconds:0.0}"))}");
        var faults = await new Outcome(world, weather, storm, run, after).FaultsAsync(crowd);
        return isServed ? faults : [.. faults, "Customers' orders are not taken any more"];
    }
}
