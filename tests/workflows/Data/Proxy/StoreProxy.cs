using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>
/// Stands in front of Azurite and passes everything on as it is, until a test wants faults, limits, or abilities that Azure has and Azurite has not.
/// Each proxy is a host of its own, so that two of them make an Azurite two stores.
/// </summary>
public sealed class StoreProxy : IAsyncDisposable
{
    /// <summary>Paths stay as the client wrote them: <c>a//b</c>, <c>%2e</c>.</summary>
    internal static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _store;
    private readonly Relay _relay;
    private ImmutableList<Task> _late = [];

    private StoreProxy(Azurite azurite, WebApplication app)
    {
        _app = app;
        var accounts = azurite.Options.BlobAccounts;
        _store = Store(azurite.Address, new SharedKey(accounts[0].Key));
        _relay = new Relay(azurite.Address, Counters);
        Address = app.Urls.First();
        var behind = accounts.Select(account => new BlobAccount { Endpoint = account.Endpoint.Replace(azurite.Address, Address), Key = account.Key });
        Options = new() { BlobAccounts = [.. behind] };
        Stores = new BlobStores(Microsoft.Extensions.Options.Options.Create(Options), new NoIdentity());
        CopySources.Add(Address, azurite.Address);
    }

    public string Address { get; }

    public BlobStoreOptions Options { get; }

    public BlobStores Stores { get; }

    public StoreFaults Faults { get; set; } = new();

    public StoreThrottle Throttle { get; } = new();

    public StoreAbilities Abilities { get; } = new();

    public StoreCounters Counters { get; } = new();

    /// <summary>Called with each request that is not throttled, before anything comes of it: the moment for a test to act, or to hold requests back.</summary>
    public Func<StoreRequest, Task>? Before { get; set; }

    public static async Task<StoreProxy> StartAsync(Azurite azurite)
    {
        StoreProxy? proxy = null;
        var app = Server();
        app.Run(context => proxy!.HandleAsync(context));
        await app.StartAsync();
        return proxy = new StoreProxy(azurite, app);
    }

    public string ContainerUrl(string account, string container) => $"{Address}/{account}/{container}";

    /// <summary>Waits until everything that is late has reached the store.</summary>
    public Task LandedAsync() => Task.WhenAll(_late);

    public async ValueTask DisposeAsync()
    {
        await LandedAsync();
        CopySources.Remove(Address);
        await _app.DisposeAsync();
        _store.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var message = _relay.Request(context);
        var request = new StoreRequest(message);
        Counters.Count(request);
        using var place = Throttle.Enter();
        try
        {
            var (answer, fault) = await AnswerAsync(message, request, place.IsAdmitted, context.RequestAborted);
            using (answer)
            {
                if (answer is null) context.Abort();
                else await _relay.AnswerAsync(answer, context, place.Dispose, cut: fault == StoreFault.CutBody);
            }
        }
        catch (Exception error) when (!context.Response.HasStarted && error is IOException or HttpRequestException or OperationCanceledException)
        {
            // The client is gone, or Azurite is.
            context.Abort();
        }
    }

    /// <returns>No answer where the connection is to be cut.</returns>
    private async Task<(HttpResponseMessage? Answer, StoreFault Fault)> AnswerAsync(
        HttpRequestMessage message, StoreRequest request, bool admitted, CancellationToken cancellationToken)
    {
        if (!admitted) return (StoreAnswer.Busy(Throttle.RetryAfter), StoreFault.None);
        if (Before is { } before) await before(request);

        var faults = Faults;
        if (faults.RuleFor(request) is { } rule) return (rule.Answer(), StoreFault.None);
        var fault = faults.Next(request);
        if (fault == StoreFault.Busy) return (StoreAnswer.Busy(faults.RetryAfter), fault);
        if (fault == StoreFault.CutBefore) return (null, fault);
        if (fault == StoreFault.Late)
        {
            Late(await Relay.DetachAsync(message, cancellationToken), faults.DrawLateness());
            return (null, fault);
        }

        var answer = await _store.SendAsync(message, cancellationToken);
        if (fault != StoreFault.CutAfter) return (answer, fault);
        answer.Dispose();
        return (null, fault);
    }

    /// <summary>Nobody waits for the answer.</summary>
    private void Late(HttpRequestMessage message, TimeSpan lateness)
    {
        var landing = LandAsync();
        ImmutableInterlocked.Update(ref _late, late => late.RemoveAll(landed => landed.IsCompletedSuccessfully).Add(landing));

        async Task LandAsync()
        {
            using (message)
            {
                await Task.Delay(lateness);
                (await _store.SendAsync(message, default)).Dispose();
            }
        }
    }

    private HttpMessageInvoker Store(string azurite, SharedKey key)
    {
        HttpMessageHandler handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            // Azurite closes a connection that was idle for five seconds.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
        };
        DelegatingHandler[] abilities =
        [
            new CopySourceHandler(azurite, key, Abilities),
            new CopyFromUrlHandler(azurite, Abilities),
            new ContentFromUrlHandler(azurite, key, Abilities, Counters),
            new PendingCopyHandler(Abilities),
            new ImmutabilityHandler(key, Abilities),
            new TagSupportHandler(Abilities),
        ];
        foreach (var ability in abilities)
        {
            ability.InnerHandler = handler;
            handler = ability;
        }

        return new HttpMessageInvoker(handler);
    }

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        });
        return builder.Build();
    }
}
