using Orchestrator.Local.Demo.World;

namespace Orchestrator.Storm;

/// <summary>The customers, and what each was promised.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Size = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly HttpClient _sites;
    private readonly Buyer[] _buyers;
    private readonly Task _shopping;

    // Nothing can go wrong yet that is looked for here.
    private TimeSpan _pace = TimeSpan.FromMilliseconds(150);

    public Crowd(int frontPort)
    {
        _sites = SiteHttp.Client(frontPort);
        _buyers = [.. Enumerable.Range(1, Size).Select(number => new Buyer(number, _sites, () => _pace))];
        _shopping = Task.WhenAll(_buyers.Select(buyer => buyer.ShopAsync(_closing.Token)));
    }

    public IEnumerable<Purchase> Purchases => _buyers.SelectMany(buyer => buyer.Purchases);

    public IEnumerable<string> Problems => _buyers.SelectMany(buyer => buyer.Problems);

    public void Hurry() => _pace = TimeSpan.FromMilliseconds(20);

    /// <returns>Whether everybody is still served, by an order sent from now on.</returns>
    public async Task<bool> IsServedAsync()
    {
        var served = Task.WhenAll(_buyers.Select(buyer => buyer.ServedAsync()));
        return await Task.WhenAny(served, Task.Delay(Patience)) == served;
    }

    public async Task LeaveAsync()
    {
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
