namespace Orchestrator.Functions.Identity;

/// <summary>Who calls, as the token says.</summary>
/// <param name="Person">The name that approvals and audit logs know them by.</param>
public sealed record Caller(string Person, IReadOnlySet<string> Roles);
