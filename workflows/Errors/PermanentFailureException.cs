namespace Orchestrator.Workflows.Errors;

/// <summary>
/// A failure that no repetition settles. Its code leads the message (<c>MIG0012: …</c>), because on the Functions worker only the
/// message of an activity's exception reaches the orchestrator: <see cref="FailureCode"/> reads it back, <see cref="Retry"/> does not repeat it.
/// </summary>
/// <param name="code">The code, <c>MIG</c> and four digits; <c>docs/errors</c> has a page for each.</param>
/// <param name="message">What happened, in one sentence, naming what and where; no secrets.</param>
public sealed class PermanentFailureException(string code, string message) : Exception($"{code}: {message}")
{
    public string Code { get; } = code;
}
