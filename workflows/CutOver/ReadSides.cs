using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Which content runs where just before the cut-over. Only looks.</summary>
/// <exception cref="PermanentFailureException">MIG0300: production is not what was planned with, or an operation is under way.</exception>
public sealed class ReadSides(AppService apps)
{
    [Function(nameof(ReadSides))]
    public async Task<Sides> RunAsync([ActivityTrigger] CutOverInput input, CancellationToken cancellationToken)
    {
        var site = new SiteId(input.Hold.Site);
        var production = await apps.FindAsync(site.Id, cancellationToken);
        var slot = await apps.FindAsync(site.SlotId(input.Slot), cancellationToken);
        if (production?.DeploymentId is not { } live || slot?.DeploymentId is not { } prepared)
            throw new PermanentFailureException(CutOverCodes.SidesChanged, $"The site or its slot {input.Slot} is gone.");
        if (input.PlannedDeploymentId is { } planned && planned != live)
            throw new PermanentFailureException(CutOverCodes.SidesChanged, $"Production runs {live}, the plan was made with {planned}: somebody swapped or deployed in between.");
        return new Sides(live, prepared);
    }
}
