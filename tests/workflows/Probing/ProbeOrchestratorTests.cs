using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Probing;

namespace Orchestrator.Workflows.Tests.Probing;

public sealed class ProbeOrchestratorTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task A_prober_sees_production_until_it_is_stopped_and_an_answer_lost_counts_once()
    {
        await using var world = await World.StartAsync(azurite, new Faults { EachOnceAfter = true });
        await world.Documents.PutAsync(RunPaths.Spec("shop-v2"), world.Spec(), default);
        var from = DateTimeOffset.UtcNow;
        var input = ProbeInput.For(MigrationInput.From(world.Spec(), "shop-v2", "dee@contoso.com", from), World.Host, "/healthz", from)!;

        await world.Client.ScheduleNewOrchestrationInstanceAsync(nameof(ProbeOrchestrator), input, new StartOrchestrationOptions("shop-v2:probe"));
        await ProbedAsync(world, count: world.HealthChecks + 5);
        var stopped = DateTimeOffset.UtcNow;
        await new StopProbe(world.Documents, TimeProvider.System).RunAsync(new StopProbeOrder("shop-v2", "the test has seen enough"), default);
        var ended = await world.Client.WaitForInstanceCompletionAsync("shop-v2:probe");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        var summary = await new SummarizeProbe(world.Documents).RunAsync(new ProbeSummaryOrder("shop-v2", input.Rate, [new ProbeSpan(ProbeSpan.Before, from, stopped)]), default);
        var figures = summary.Spans.Single();
        Assert.InRange(figures.Probes, 3, Math.Ceiling((stopped - from).TotalSeconds * input.Rate) + 1);
        Assert.Equal((0, 0), (figures.Failed, figures.DowntimeMs));
    }

    private static async Task ProbedAsync(World world, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (world.HealthChecks < count) await pace.WaitForNextTickAsync(limit.Token);
    }
}
