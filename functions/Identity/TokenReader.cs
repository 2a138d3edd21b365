using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Orchestrator.Functions.Identity;

/// <summary>Turns a bearer token into a caller, or into nothing.</summary>
public sealed class TokenReader(ISigningKeys keys, IOptions<AuthOptions> options)
{
    private const int LongestToken = 16 * 1024;
    private static readonly string[] NameClaims = ["preferred_username", "upn", "email", "oid", "sub"];

    /// <returns>Null where the token is not one to be believed; why is nobody's business but the log's.</returns>
    /// <exception cref="InvalidOperationException">The authority cannot be asked for its keys.</exception>
    public async Task<Caller?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        // Three parts are a signed token. Five are an encrypted one, whose handling has a known weakness in older libraries, and nobody here sends any.
        if (token.Length > LongestToken || token.Count(character => character == '.') != 2)
            return null;

        try
        {
            return Validate(token, await keys.GetAsync(cancellationToken));
        }
        catch (SecurityTokenSignatureKeyNotFoundException)
        {
            keys.Refresh();
        }

        try
        {
            return Validate(token, await keys.GetAsync(cancellationToken));
        }
        catch (SecurityTokenSignatureKeyNotFoundException)
        {
            return null;
        }
    }

    private Caller? Validate(string token, IssuerKeys trusted)
    {
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = trusted.Issuer,
            ValidAudience = options.Value.Audience,
            IssuerSigningKeys = trusted.Keys,
            ValidAlgorithms = trusted.Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuerSigningKey = true,
            ClockSkew = TimeSpan.FromSeconds(30),
        };
        try
        {
            var principal = new JwtSecurityTokenHandler { MapInboundClaims = false }.ValidateToken(token, parameters, out _);
            return Caller(principal);
        }
        catch (Exception refused) when (refused is SecurityTokenException or ArgumentException && refused is not SecurityTokenSignatureKeyNotFoundException)
        {
            return null;
        }
    }

    private static Caller? Caller(ClaimsPrincipal principal)
    {
        var person = NameClaims.Select(claim => principal.FindFirst(claim)?.Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        return person is { Length: <= 256 }
            ? new Caller(person, principal.FindAll("roles").Select(role => role.Value).ToHashSet(StringComparer.Ordinal))
            : null;
    }
}
