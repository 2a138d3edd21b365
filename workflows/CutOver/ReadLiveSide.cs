using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Which side production runs. Only looks; while an operation is under way the answer is <see cref="LiveSide.Unknown"/>.</summary>
public sealed class ReadLiveSide(AppService apps)
{
    [Function(nameof(ReadLiveSide))]
    public async Task<LiveSide> RunAsync([ActivityTrigger] SwapOrder order, CancellationToken cancellationToken)
    {
        var site = await apps.FindAsync(new SiteId(order.Hold.Site).Id, cancellationToken);
        if (site?.DeploymentId == order.Sides.Slot) return LiveSide.New;
        return site?.DeploymentId == order.Sides.Production && site.InProgressOperationId is null ? LiveSide.Old : LiveSide.Unknown;
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<LiveSide>))]
public enum LiveSide
{
    Unknown,
    Old,
    New,
}
