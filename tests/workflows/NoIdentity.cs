using Azure.Core;

namespace Orchestrator.Workflows.Tests;

/// <summary>Fails whoever asks for a token: the tests' stores are reached by key.</summary>
internal sealed class NoIdentity : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("no identity here");

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("no identity here");
}
