using Microsoft.Extensions.Options;

namespace Orchestrator.Functions.Identity;

/// <summary>Whose tokens are believed: those signed with a key of the installation, or those of Entra ID. Section <c>Auth</c>; one of the two, never none.</summary>
public sealed class AuthOptions
{
    public const string Section = "Auth";

    public const int LeastKeyBytes = 32;

    /// <summary>The installation's own key for HS256, base64, of 32 bytes or more. For installations without Entra ID.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Who must have issued a token. Required beside <see cref="SigningKey"/>; with Entra ID the default is what the authority says of itself.</summary>
    public string? Issuer { get; init; }

    /// <summary>Whom a token must be for.</summary>
    public string? Audience { get; init; }

    /// <summary>The tenant's authority: <c>https://login.microsoftonline.com/{tenant}/v2.0</c>.</summary>
    public string? Authority { get; init; }
}

/// <summary>Stops a start that would believe too much, or nobody.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(AuthOptions options)
    {
        var hasKey = !string.IsNullOrWhiteSpace(options.SigningKey);
        var hasAuthority = !string.IsNullOrWhiteSpace(options.Authority);
        if (hasKey == hasAuthority)
            yield return "Auth__SigningKey or Auth__Authority must be set, one of the two: without it nobody could be told apart.";
        if (hasKey && !IsKey(options.SigningKey!))
            yield return $"Auth__SigningKey must be base64 of {AuthOptions.LeastKeyBytes} bytes or more.";
        if (hasKey && string.IsNullOrWhiteSpace(options.Issuer))
            yield return "Auth__Issuer must be set beside Auth__SigningKey.";
        if (hasAuthority && !IsAuthority(options.Authority!))
            yield return "Auth__Authority must be the https address of one tenant's authority.";
        if (string.IsNullOrWhiteSpace(options.Audience))
            yield return "Auth__Audience must be set.";
    }

    private static bool IsKey(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var length) && length >= AuthOptions.LeastKeyBytes;
    }

    // "common" and "organizations" would let in every tenant there is.
    private static bool IsAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
        && !uri.Segments.Any(segment => segment.TrimEnd('/').ToLowerInvariant() is "common" or "organizations" or "consumers");
}
