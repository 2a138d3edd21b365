using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Orchestrator.Local.Demo.Setup;

namespace Orchestrator.Local.Demo.Customers;

/// <summary>
/// One customer, one request at a time: places an order, or looks at pages and media and looks up orders that anybody placed.
/// </summary>
internal sealed class Customer(int number, HttpClient sites, string host, IReadOnlyList<StoredMedia> media, Ledger ledger)
{
    private static readonly string[] PagePaths = ["/", "/products/tea", "/products/mug", "/products/kettle"];
    private static readonly string[] Items = ["Green tea", "Blue mug", "Steel kettle", "Tea tin – größe L"];

    private readonly Random _random = new(number);
    private readonly string _day = $"{DateTime.UtcNow:yyyyMMdd}";
    private int _placed;

    public async Task ShopAsync(bool buys, TimeSpan pace, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pace);
        try
        {
            // Customers do not come all at once.
            await Task.Delay(pace * _random.NextDouble(), stop);
            while (await timer.WaitForNextTickAsync(stop))
            {
                var now = TimeProvider.System.GetTimestamp();
                await (buys ? PlaceOrderAsync(now) : LookAroundAsync(now));
            }
        }
        catch (OperationCanceledException)
        {
            // The shop closes; the request in flight was ended first.
        }
    }

    /// <param name="due">When the customer wanted to ask: times count from then.</param>
    public Task LookAroundAsync(long due) => _random.Next(100) switch
    {
        < 20 when ledger.AnyOrder(_random) is { } id => LookUpOrderAsync(id, due),
        < 50 => LookAtMediumAsync(media[_random.Next(media.Count)], due),
        _ => LookAtPageAsync(PagePaths[_random.Next(PagePaths.Length)], due),
    };

    /// <summary>Sends the order until it is accepted; only a 503 with Retry-After may ask for another attempt.</summary>
    /// <inheritdoc cref="LookAroundAsync" path="/param"/>
    public async Task PlaceOrderAsync(long due)
    {
        var id = $"{_day}-c{number}-{++_placed}";
        var order = new { id, customer = $"Customer {number}", item = Items[_random.Next(Items.Length)], quantity = _random.Next(1, 10) };
        var attempt = due;
        TimeSpan? again;
        do
        {
            again = null;
            await AskAsync(HttpMethod.Post, "/orders", attempt, async answer =>
            {
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter?.Delta is { } wait)
                {
                    ledger.Refused();
                    again = wait;
                    return null;
                }

                if (answer.StatusCode != HttpStatusCode.Created)
                {
                    return await ProblemAsync(answer);
                }

                ledger.Acknowledged(
                    id, SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()), TimeProvider.System.GetElapsedTime(due));
                return null;
            }, () => JsonContent.Create(order));
            if (again is { } pause)
            {
                await Task.Delay(pause);
                attempt = TimeProvider.System.GetTimestamp();
            }
        }
        while (again is not null);
    }

    private Task LookUpOrderAsync(string id, long due) => AskAsync(HttpMethod.Get, $"/orders/{id}", due, async answer =>
        answer.StatusCode != HttpStatusCode.OK ? await ProblemAsync(answer)
        : SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(ledger.Orders[id]) ? null
        : "the order is not what was acknowledged");

    private Task LookAtMediumAsync(StoredMedia medium, long due)
    {
        var path = string.Join('/', medium.Name.Split('/').Select(Uri.EscapeDataString));
        return AskAsync(HttpMethod.Get, $"/media/{path}", due, async answer =>
            answer.StatusCode != HttpStatusCode.OK ? await ProblemAsync(answer)
            : MD5.HashData(await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(medium.Md5) ? null
            : "the medium is not what was uploaded");
    }

    private Task LookAtPageAsync(string path, long due) => AskAsync(HttpMethod.Get, path, due, async answer =>
        answer.StatusCode != HttpStatusCode.OK ? await ProblemAsync(answer)
        : (await answer.Content.ReadAsStringAsync()).Contains("Shop v", StringComparison.Ordinal) ? null
        : "the page is not the shop's");

    /// <param name="judge">Says what is wrong with an answer; null when nothing is.</param>
    private async Task AskAsync(
        HttpMethod method, string path, long due, Func<HttpResponseMessage, Task<string?>> judge, Func<HttpContent>? content = null)
    {
        string? problem;
        try
        {
            using var request = new HttpRequestMessage(method, $"http://{host}{path}") { Content = content?.Invoke() };
            using var answer = await sites.SendAsync(request);
            problem = await judge(answer);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // A connection that broke, or no answer in time: a customer sees an error page.
            problem = $"{exception.GetType().Name}: {exception.Message}";
        }

        ledger.Answered(TimeProvider.System.GetElapsedTime(due));
        if (problem is not null)
        {
            ledger.Failed($"{method} {path}", problem);
        }
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return $"{(int)answer.StatusCode} {body[..Math.Min(body.Length, 200)]}";
    }
}
