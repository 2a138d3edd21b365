using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Takes the site for the run; the same run gets the same hold again.</summary>
public sealed class AcquireSite(SiteLease lease)
{
    [Function(nameof(AcquireSite))]
    public async Task<SiteHold> RunAsync([ActivityTrigger] SiteRef site, CancellationToken cancellationToken) =>
        new(site.RunId, site.Site, await lease.AcquireAsync(site.Site, site.RunId, cancellationToken));
}

/// <summary>Gives the site free.</summary>
public sealed class ReleaseSite(SiteLease lease)
{
    [Function(nameof(ReleaseSite))]
    public Task RunAsync([ActivityTrigger] SiteRef site, CancellationToken cancellationToken) => lease.ReleaseAsync(site.Site, site.RunId, cancellationToken);
}

public sealed record SiteRef(string RunId, string Site);
