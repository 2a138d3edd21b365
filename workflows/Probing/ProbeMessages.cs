using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Probing;

/// <param name="HealthCheckPath">Probed where the spec names no path.</param>
/// <param name="Until">The prober ends then by itself, should nobody stop it.</param>
/// <param name="Next">The first batch not asked for yet; set when the orchestrator continues as new.</param>
public sealed record ProbeInput(string RunId, string HostName, string? HealthCheckPath, int Rate, DateTimeOffset Until, long Next = 0)
{
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    /// <summary>Null where the spec wants no probes.</summary>
    public static ProbeInput? For(MigrationInput input, string hostName, string? healthCheckPath, DateTimeOffset now)
    {
        var holds = input.Outline.Traffic?.Steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Hold) ?? TimeSpan.Zero;
        return input.Outline.ProbeRate == 0 ? null : new ProbeInput(input.Id, hostName, healthCheckPath, input.Outline.ProbeRate, now + input.Outline.Watch.Duration + holds + Slack);
    }
}

/// <param name="Number">See <see cref="ProbeGrid"/>.</param>
public sealed record ProbeBatchOrder(string RunId, string HostName, string? HealthCheckPath, int Rate, long Number);

/// <param name="Stopped">Somebody wants the prober to end.</param>
public sealed record ProbeBatchResult(bool Stopped);

/// <summary>What a batch's document holds: every probe, in the order in which they were sent.</summary>
public sealed record ProbeBatch(long Number, int Rate, IReadOnlyList<Probe> Probes);

/// <param name="At">When it was sent: milliseconds after its batch's time began.</param>
/// <param name="Took">Milliseconds until its answer was there or it had failed.</param>
/// <param name="Fault">What was wrong; absent where nothing was.</param>
public sealed record Probe(int At, int Took, string? Fault = null);

public sealed record StopProbeOrder(string RunId, string Reason);

/// <summary>Stands for the stop that it asks for.</summary>
public sealed record ProbeStop(DateTimeOffset At, string Reason);

/// <param name="Spans">In their order.</param>
public sealed record ProbeSummaryOrder(string RunId, int Rate, IReadOnlyList<ProbeSpan> Spans);

/// <param name="Name"><see cref="Before"/>, <see cref="CutOver"/> or <see cref="After"/>.</param>
/// <param name="To">The first instant that is not in it.</param>
public sealed record ProbeSpan(string Name, DateTimeOffset From, DateTimeOffset To)
{
    public const string Before = "before";
    public const string CutOver = "cutOver";
    public const string After = "after";
}
