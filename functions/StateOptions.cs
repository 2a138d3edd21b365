using Microsoft.Extensions.Options;

namespace Orchestrator.Functions;

/// <summary>Where the orchestrator keeps plans, reports and audit logs. Section <c>State</c>.</summary>
public sealed class StateOptions
{
    public const string Section = "State";

    /// <summary>The URL of a blob container, without a query. Made when it is missing.</summary>
    public string? Container { get; init; }
}

internal sealed class StateOptionsValidator : IValidateOptions<StateOptions>
{
    public ValidateOptionsResult Validate(string? name, StateOptions options) =>
        Uri.TryCreate(options.Container, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.AbsolutePath.Length > 1
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("State__Container must be the URL of a blob container, such as https://account.blob.core.windows.net/orchestrator, without a query.");
}
