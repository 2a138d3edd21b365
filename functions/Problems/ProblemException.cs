using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Problems;

/// <summary>Ends a call with a problem. Never leaves the edge: <see cref="Http.Edge"/> turns it into the answer.</summary>
public sealed class ProblemException(ProblemKind kind, string detail, IReadOnlyList<SpecFault>? faults = null) : Exception(detail)
{
    public ProblemKind Kind { get; } = kind;

    public IReadOnlyList<SpecFault>? Faults { get; } = faults;

    public static ProblemException Of(IReadOnlyList<SpecFault> faults) =>
        new(ProblemKind.Of(faults), faults.Count == 1 ? faults[0].Detail : $"{faults.Count} things are wrong; nothing was started.", faults);
}
