using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Local.Demo.Customers;

/// <summary>
/// Customers who use the shop all the time, each waiting for one answer before asking again: about 150 requests/s, a sixth of them orders.
/// Those who buy do nothing else, so that a write pause leaves the others' rate as it is.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Buyers = 8;
    private const int Visitors = 40;
    private static readonly TimeSpan BuyersPace = TimeSpan.FromSeconds(0.32);
    private static readonly TimeSpan VisitorsPace = TimeSpan.FromSeconds(0.3);

    private readonly CancellationTokenSource _closing = new();
    private readonly HttpClient _sites;
    private readonly Task _shopping;

    public Crowd(int frontPort, string host, IReadOnlyList<StoredMedia> media)
    {
        _sites = SiteHttp.Client(frontPort);
        _shopping = Task.WhenAll(Enumerable.Range(1, Buyers + Visitors).Select(number => Task.Run(() =>
        {
            var buys = number <= Buyers;
            return new Customer(number, _sites, host, media, Ledger).ShopAsync(buys, buys ? BuyersPace : VisitorsPace, _closing.Token);
        })));
    }

    public Ledger Ledger { get; } = new();

    /// <summary>Lets each customer end the request that is in flight, orders until they are accepted.</summary>
    public async Task LeaveAsync()
    {
        Ledger.Close();
        await _closing.CancelAsync();
        await _shopping;
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _sites.Dispose();
        _closing.Dispose();
    }
}
