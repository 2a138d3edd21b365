using Microsoft.Extensions.Options;

namespace Orchestrator.Functions.Migrations;

/// <summary>How long the engine keeps what has ended. Section <c>Retention</c>. Documents in the state container are kept whatever it says.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";

    public static readonly TimeSpan Least = TimeSpan.FromDays(1);

    /// <summary>From its end until a run is purged, a day or longer; zero for never. Default 90 days.</summary>
    public TimeSpan Runs { get; init; } = TimeSpan.FromDays(90);
}

/// <summary>Stops a start that would purge runs under people's eyes.</summary>
internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options) => options.Runs == TimeSpan.Zero || options.Runs >= RetentionOptions.Least
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Retention__Runs must be 1.00:00:00, a day, or longer; 00:00:00 keeps runs for ever.");
}
