using Orchestrator.Local.Demo.Customers;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Benchmarks.CutOver;

/// <summary>
/// Customers who come at fixed times, whether those before them have been answered or not, with one request each. So slow answers do not
/// make fewer requests, and a request's time counts from when it was due.
/// </summary>
internal sealed class Arrivals : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CutOverOptions _options;
    private readonly string _host;
    private readonly IReadOnlyList<StoredMedia> _media;
    private readonly HttpClient _sites;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly List<Task> _requests = [];
    private readonly Task _coming;

    public Arrivals(CutOverOptions options, int frontPort, string host, IReadOnlyList<StoredMedia> media)
    {
        (_options, _host, _media, _sites) = (options, host, media, SiteHttp.Client(frontPort));
        _coming = Task.Run(ComeAsync);
    }

    public Ledger Ledger { get; } = new();

    /// <summary>Requests, repeated writes not counted.</summary>
    public int Begun => _requests.Count;

    /// <summary>From the first arrival until the doors closed.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>The longest that a request began after it was due.</summary>
    public TimeSpan Latest { get; private set; }

    /// <summary>Nobody comes any more; all who came are answered, orders until they are accepted.</summary>
    public async Task LeaveAsync()
    {
        await _closing.CancelAsync();
        await _coming;
        Ledger.Close();
        await Task.WhenAll(_requests).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _coming;
        _sites.Dispose();
        _closing.Dispose();
    }

    private async Task ComeAsync()
    {
        var interval = TimeProvider.System.TimestampFrequency / (double)_options.RequestsPerSecond;
        using var timer = new PeriodicTimer(Tick);
        while (!_closing.IsCancellationRequested)
        {
            for (var due = Due(); due <= TimeProvider.System.GetTimestamp(); due = Due()) Begin(due);
            try
            {
                await timer.WaitForNextTickAsync(_closing.Token);
            }
            catch (OperationCanceledException)
            {
                // The doors close.
            }
        }

        Time = TimeProvider.System.GetElapsedTime(_started);

        long Due() => _started + (long)(_requests.Count * interval);
    }

    private void Begin(long due)
    {
        var number = _requests.Count;
        var customer = new Customer(number, _sites, _host, _media, Ledger);
        _requests.Add(Task.Run(() =>
        {
            Late(TimeProvider.System.GetElapsedTime(due));
            return number % _options.OrderEvery == 0 ? customer.PlaceOrderAsync(due) : customer.LookAroundAsync(due);
        }));
    }

    private void Late(TimeSpan late)
    {
        lock (_lock)
        {
            if (late > Latest) Latest = late;
        }
    }
}
