using Azure.Core;

namespace Orchestrator.Workflows.Azure;

/// <summary>One token for every audience: what the emulator takes. Never configured against Azure, which refuses it.</summary>
public sealed class StaticTokenCredential(string token, TimeProvider time) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(token, time.GetUtcNow().AddHours(1));

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
