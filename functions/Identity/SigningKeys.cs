using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Orchestrator.Functions.Identity;

/// <summary>The keys and issuers whose tokens are believed.</summary>
public interface ISigningKeys
{
    Task<IssuerKeys> GetAsync(CancellationToken cancellationToken);

    /// <summary>Looks again at the next call, since a token was signed with a key that is not known yet.</summary>
    void Refresh();
}

/// <param name="Algorithms">The only ones accepted: a public key must never be taken for a shared secret.</param>
public sealed record IssuerKeys(string Issuer, IReadOnlyList<SecurityKey> Keys, IReadOnlyList<string> Algorithms);

internal static class SigningKeys
{
    public static ISigningKeys From(AuthOptions options) => options.SigningKey is { Length: > 0 } key
        ? new InstallationKeys(new IssuerKeys(options.Issuer!, [new SymmetricSecurityKey(Convert.FromBase64String(key))], [SecurityAlgorithms.HmacSha256]))
        : new EntraKeys(options);
}

internal sealed class InstallationKeys(IssuerKeys keys) : ISigningKeys
{
    public Task<IssuerKeys> GetAsync(CancellationToken cancellationToken) => Task.FromResult(keys);

    public void Refresh()
    {
        // The key is a setting: it changes with a restart.
    }
}

/// <summary>The keys that the tenant publishes, fetched once and again when they change.</summary>
internal sealed class EntraKeys(AuthOptions options) : ISigningKeys
{
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _configuration = new(
        $"{options.Authority!.TrimEnd('/')}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever { RequireHttps = true });

    public async Task<IssuerKeys> GetAsync(CancellationToken cancellationToken)
    {
        var published = await _configuration.GetConfigurationAsync(cancellationToken);
        return new IssuerKeys(options.Issuer is { Length: > 0 } issuer ? issuer : published.Issuer, [.. published.SigningKeys], [SecurityAlgorithms.RsaSha256]);
    }

    public void Refresh() => _configuration.RequestRefresh();
}
