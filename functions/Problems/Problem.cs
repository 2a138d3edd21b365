using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Problems;

/// <summary>A problem as RFC 9457 writes it, with our code and the faults found in what was sent.</summary>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Instance, string Code, IReadOnlyList<SpecFault>? Errors)
{
    public const string ContentType = "application/problem+json";

    public static Problem From(ProblemKind kind, string detail, string instance, IReadOnlyList<SpecFault>? faults = null) =>
        new($"/docs/errors/{kind.Code}.md", kind.Title, kind.Status, detail, instance, kind.Code, faults);
}
