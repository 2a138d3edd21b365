using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Tests.Support;

/// <summary>Customers who read and write without a pause, and everything that went wrong for them.</summary>
internal sealed class Customers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _all;
    private int _requests;

    private Customers(World world, string host, int count)
    {
        _all = Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => ShopAsync(world, host, number))));
    }

    public int Requests => _requests;

    public static Customers Of(World world, string host, int count = 4) => new(world, host, count);

    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _all;
        Assert.True(_requests > 0, "no customer came");
        return _failures;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task ShopAsync(World world, string host, int number)
    {
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            var sent = $"{number}-{turn}";
            using var request = new HttpRequestMessage(turn % 3 == 0 ? HttpMethod.Post : HttpMethod.Get, "/");
            request.Headers.Host = host + ".azurewebsites.net";
            if (request.Method == HttpMethod.Post) request.Content = new StringContent(sent);
            try
            {
                using var response = await world.Front.SendAsync(request);
                var body = await response.Content.ReadAsStringAsync();
                if (response.StatusCode != HttpStatusCode.OK) _failures.Enqueue($"{request.Method}: {response.StatusCode} {body}");
                else if (request.Method == HttpMethod.Post && (string?)JsonNode.Parse(body)!["body"] != sent) _failures.Enqueue($"{request.Method}: another's answer {body}");
            }
            catch (HttpRequestException problem)
            {
                _failures.Enqueue($"{request.Method}: {problem.Message}");
            }

            Interlocked.Increment(ref _requests);
        }
    }
}
