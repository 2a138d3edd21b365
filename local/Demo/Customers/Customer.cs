using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Orchestrator.Local.Demo.Setup;

namespace Orchestrator.Local.Demo.Customers;

/// <summary>
/// One customer, one request at a time. A buyer places orders; the others look at pages and media, and look up orders that anybody placed.
/// </summary>
internal sealed class Customer(int number, bool buys, HttpClient sites, IReadOnlyList<StoredMedia> media, Ledger ledger)
{
    private static readonly string[] PagePaths = ["/", "/products/tea", "/products/mug", "/products/kettle"];
    private static readonly string[] Items = ["Green tea", "Blue mug", "Steel kettle", "Tea tin – größe L"];

    private readonly Random _random = new(number);
    private readonly string _day = $"{DateTime.UtcNow:yyyyMMdd}";
    private int _placed;

    public async Task ShopAsync(TimeSpan pace, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pace);
        try
        {
            // Customers do not come all at once.
            await Task.Delay(pace * _random.NextDouble(), stop);
            while (await timer.WaitForNextTickAsync(stop))
            {
                await NextAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The shop closes; the request in flight was ended first.
        }
    }

    private Task NextAsync() => _random.Next(100) switch
    {
        _ when buys => PlaceOrderAsync(),
        < 20 when ledger.AnyOrder(_random) is { } id => LookUpOrderAsync(id),
        < 50 => LookAtMediumAsync(media[_random.Next(media.Count)]),
        _ => LookAtPageAsync(PagePaths[_random.Next(PagePaths.Length)]),
    };

    /// <summary>Sends the order until it is accepted; only a 503 with Retry-After may ask for another attempt.</summary>
    private async Task PlaceOrderAsync()
    {
        var id = $"{_day}-c{number}-{++_placed}";
        var order = new { id, customer = $"Customer {number}", item = Items[_random.Next(Items.Length)], quantity = _random.Next(1, 10) };
        var started = TimeProvider.System.GetTimestamp();
        TimeSpan? again;
        do
        {
            again = null;
            await AskAsync(HttpMethod.Post, "/orders", async answer =>
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
                    id, SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()), TimeProvider.System.GetElapsedTime(started));
                return null;
            }, () => JsonContent.Create(order));
            if (again is { } pause)
            {
                await Task.Delay(pause);
            }
        }
        while (again is not null);
    }

    private Task LookUpOrderAsync(string id) => AskAsync(HttpMethod.Get, $"/orders/{id}", async answer =>
        answer.StatusCode != HttpStatusCode.OK ? await ProblemAsync(answer)
        : SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(ledger.Orders[id]) ? null
        : "the order is not what was acknowledged");

    private Task LookAtMediumAsync(StoredMedia medium)
    {
        var path = string.Join('/', medium.Name.Split('/').Select(Uri.EscapeDataString));
        return AskAsync(HttpMethod.Get, $"/media/{path}", async answer =>
            answer.StatusCode != HttpStatusCode.OK ? await ProblemAsync(answer)
            : MD5.HashData(await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(medium.Md5) ? null
            : "the medium is not what was uploaded");
    }

    private Task LookAtPageAsync(string path) => AskAsync(HttpMethod.Get, path, async answer =>
        answer.StatusCode != HttpStatusCode.OK ? await ProblemAsync(answer)
        : (await answer.Content.ReadAsStringAsync()).Contains("Shop v", StringComparison.Ordinal) ? null
        : "the page is not the shop's");

    /// <param name="judge">Says what is wrong with an answer; null when nothing is.</param>
    private async Task AskAsync(
        HttpMethod method, string path, Func<HttpResponseMessage, Task<string?>> judge, Func<HttpContent>? content = null)
    {
        string? problem;
        try
        {
            using var request = new HttpRequestMessage(method, $"http://{ShopSite.Host}{path}") { Content = content?.Invoke() };
            using var answer = await sites.SendAsync(request);
            problem = await judge(answer);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // A connection that broke, or no answer in time: a customer sees an error page.
            problem = $"{exception.GetType().Name}: {exception.Message}";
        }

        ledger.Answered();
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
