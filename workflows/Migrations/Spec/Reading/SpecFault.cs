namespace Orchestrator.Workflows.Migrations;

/// <summary>One thing that is wrong with a document that somebody handed in.</summary>
/// <param name="Pointer">Where, as a JSON pointer (RFC 6901); empty for the document as a whole.</param>
/// <param name="Code">One of <see cref="SpecCodes"/>; each has a page under docs/errors.</param>
public sealed record SpecFault(string Pointer, string Code, string Detail);
