using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Waiting;

/// <summary>When the run may go on: at once, or at a later instant to look again. Only looks.</summary>
/// <exception cref="PermanentFailureException">MIG0214: no opening holds the change.</exception>
public sealed class FindOpening(Metrics metrics, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    [Function(nameof(FindOpening))]
    public async Task<Opening> RunAsync([ActivityTrigger] OpeningOrder order, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var next = WindowCalculator.Next(order.Window, now, order.Needed)
            ?? throw new PermanentFailureException(WaitCodes.NoOpening, $"No opening of the window within {WindowCalculator.Horizon.TotalDays:0} days holds the change, which by the estimate takes {order.Needed}.");
        if (next.Start > now) return new Opening(next.Start, $"the window opens at {next.Start:O}");
        if (order.Window?.LowTraffic != true || await IsQuietAsync(order.Site, now, cancellationToken)) return new Opening(LookAgainAt: null, "open");
        return new Opening(now + LookAgain, "the site has more traffic than half of its day's mean");
    }

    // Quiet: the last quarter of an hour has at most half of the mean of the last day. Without figures nothing is known to be quiet.
    private async Task<bool> IsQuietAsync(string site, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var lately = await metrics.ReadAsync(site, now.AddMinutes(-15), now, cancellationToken);
        var day = await metrics.ReadAsync(site, now.AddDays(-1), now, cancellationToken);
        return lately.RequestsPerSecond is { } rate && day.RequestsPerSecond is { } mean && rate <= mean / 2;
    }
}

/// <param name="Needed">How long the change takes by the estimate: a shorter opening is none.</param>
public sealed record OpeningOrder(string Site, WindowSpec? Window, TimeSpan Needed);

/// <param name="LookAgainAt">Null: open now.</param>
public sealed record Opening(DateTimeOffset? LookAgainAt, string Why);

public static class WaitCodes
{
    public const string NoOpening = "MIG0214";
}
