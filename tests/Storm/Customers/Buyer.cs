using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Storm;

/// <summary>
/// A customer who places one order after the other through production's name, and looks each up. A refusal with 503 is tried again with the same id;
/// anything else that is not the order as it was sent is a problem.
/// </summary>
/// <param name="pace">Between two orders: asked anew each time.</param>
internal sealed class Buyer(int number, HttpClient sites, Func<TimeSpan> pace)
{
    public const string Host = "shop.azurewebsites.net";
    private static readonly TimeSpan BeforeAskingAgain = TimeSpan.FromMilliseconds(20);
    private readonly List<Purchase> _purchases = [];
    private readonly List<string> _problems = [];
    private int _placed;

    public IReadOnlyList<Purchase> Purchases => _purchases;

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Completes with the next order that is acknowledged.</summary>
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task ShopAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await PlaceAsync($"c{number}-{++_placed}", stop) is not { } purchase) return;
            _purchases.Add(purchase);
            Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            await LookUpAsync(purchase);
            await Task.Delay(pace(), CancellationToken.None);
        }
    }

    /// <summary>Returns when an order was acknowledged that was sent after this was called.</summary>
    public async Task ServedAsync()
    {
        // The order under way may have been sent before.
        await Volatile.Read(ref _next).Task;
        await Volatile.Read(ref _next).Task;
    }

    /// <returns>Null when the shop closed while it refused.</returns>
    private async Task<Purchase?> PlaceAsync(string id, CancellationToken stop)
    {
        var text = $"order {id} of customer {number}";
        while (true)
        {
            var sent = Stopwatch.GetTimestamp();
            var (status, body) = await AskAsync(HttpMethod.Post, id, text);
            if (status == HttpStatusCode.Created && JsonSerializer.Deserialize<StoredOrder>(body, JsonSerializerOptions.Web) is { } order && order.Text == text)
                return new Purchase(id, body, order.By, sent, Stopwatch.GetTimestamp());
            if (status != HttpStatusCode.ServiceUnavailable) _problems.Add($"POST {id} was answered {status}: {body}");
            if (stop.IsCancellationRequested) return null;
            await Task.Delay(BeforeAskingAgain, CancellationToken.None);
        }
    }

    private async Task LookUpAsync(Purchase purchase)
    {
        var (status, body) = await AskAsync(HttpMethod.Get, purchase.Id, text: null);
        if (status != HttpStatusCode.OK || body != purchase.Content) _problems.Add($"GET {purchase.Id}, taken by {purchase.By}, was answered {status}: {body}");
    }

    private async Task<(HttpStatusCode? Status, string Body)> AskAsync(HttpMethod method, string id, string? text)
    {
        using var request = new HttpRequestMessage(method, $"http://{Host}/orders/{id}");
        if (text is not null) request.Content = new StringContent(text, Encoding.UTF8);
        try
        {
            using var answer = await sites.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return (null, $"{broken.GetType().Name}: {broken.Message}");
        }
    }
}

/// <summary>An order that was acknowledged.</summary>
/// <param name="Content">What was answered, which is what stands in the store.</param>
/// <param name="Sent">Times of <see cref="Stopwatch"/>.</param>
internal sealed record Purchase(string Id, string Content, string By, long Sent, long Acknowledged);
