using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Probing;

/// <summary>The prober of one run: beside its steps from just before the cut-over to the end of the watch. What goes wrong with it never costs the run.</summary>
internal sealed class Prober(TaskOrchestrationContext context, RunProgress run, MigrationInput input)
{
    private ProbeInput? probe;
    private Task? probing;
    private DateTimeOffset began;
    private DateTimeOffset? swapped;

    public void Start(string hostName, string? healthCheckPath)
    {
        began = run.Now;
        probe = ProbeInput.For(input, hostName, healthCheckPath, run.Now);
        if (probe is not null) probing = context.CallSubOrchestratorAsync(nameof(ProbeOrchestrator), probe, new SubOrchestrationOptions(instanceId: $"{input.Id}:probe"));
    }

    public void Swapped(DateTimeOffset at) => swapped = at;

    /// <summary>Ends it, and puts what it saw into the figures and the document that the report is made from.</summary>
    public async Task StopAsync()
    {
        if (probe is null || probing is null) return;
        try
        {
            await context.CallActivityAsync(nameof(StopProbe), new StopProbeOrder(input.Id, "the watch is over"), Retry.Patient);
            await probing;
            var touched = run.SwapBegan ?? run.Now;
            var live = swapped ?? run.Now;
            var seen = await context.CallActivityAsync<ProbeSummary>(nameof(SummarizeProbe), new ProbeSummaryOrder(input.Id, probe.Rate,
            [
                new ProbeSpan(ProbeSpan.Before, began, touched),
                new ProbeSpan(ProbeSpan.CutOver, touched, live),
                new ProbeSpan(ProbeSpan.After, live, run.Now),
            ]), Retry.Standard);
            run.Figures = seen.AddTo(run.Figures);
        }
        catch (TaskFailedException failure)
        {
            await run.AuditAsync("orchestrator", "probesNotCounted", FailureCode.Explain(failure).Detail);
        }
        finally
        {
            probe = null;
        }
    }
}
