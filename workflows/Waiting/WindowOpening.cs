namespace Orchestrator.Workflows.Waiting;

/// <summary>A time in which production may be changed.</summary>
/// <param name="Start">The first instant, never before the one asked for.</param>
/// <param name="End">The first instant after it; <see cref="DateTimeOffset.MaxValue"/> where nothing ends it.</param>
public sealed record WindowOpening(DateTimeOffset Start, DateTimeOffset End)
{
    public TimeSpan Length => End - Start;
}
