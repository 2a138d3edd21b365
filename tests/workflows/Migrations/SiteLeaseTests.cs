using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Migrations;

public sealed class SiteLeaseTests
{
    private const string Site = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/shop";
    private readonly SiteLease lease = new(new InMemoryDocuments(), TimeProvider.System);

    [Fact]
    public async Task Of_many_runs_at_once_one_gets_the_site()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => TryAsync($"run-{n}")));

        Assert.Single(tries, got => got);
    }

    [Fact]
    public async Task The_same_run_gets_the_same_hold_again_whatever_the_case_of_the_id()
    {
        var first = await lease.AcquireAsync(Site, "one", CancellationToken.None);

        Assert.Equal(first, await lease.AcquireAsync(Site.ToUpperInvariant(), "one", CancellationToken.None));
    }

    [Fact]
    public async Task A_run_that_lost_the_site_is_told_so_before_it_changes_anything()
    {
        var fence = await lease.AcquireAsync(Site, "one", CancellationToken.None);
        await lease.ReleaseAsync(Site, "one", CancellationToken.None);
        var next = await lease.AcquireAsync(Site, "two", CancellationToken.None);

        var lost = await Assert.ThrowsAsync<PermanentFailureException>(() => lease.DemandAsync(new SiteHold("one", Site, fence), CancellationToken.None));

        Assert.Equal(LeaseCodes.Lost, lost.Code);
        Assert.True(next > fence);
        await lease.DemandAsync(new SiteHold("two", Site, next), CancellationToken.None);
    }

    [Fact]
    public async Task Releasing_what_another_holds_changes_nothing()
    {
        var fence = await lease.AcquireAsync(Site, "one", CancellationToken.None);

        await lease.ReleaseAsync(Site, "two", CancellationToken.None);

        await lease.DemandAsync(new SiteHold("one", Site, fence), CancellationToken.None);
    }

    private async Task<bool> TryAsync(string run)
    {
        try
        {
            await lease.AcquireAsync(Site, run, CancellationToken.None);
            return true;
        }
        catch (PermanentFailureException held) when (held.Code == LeaseCodes.Held)
        {
            return false;
        }
    }
}
