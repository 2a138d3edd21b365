using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Stands before Azurite and takes immutability policies for single blobs, as Azure does and Azurite does not.</summary>
internal sealed class KeepingStore : IAsyncDisposable
{
    private const string Until = "x-ms-immutability-policy-until-date";
    private const string Mode = "x-ms-immutability-policy-mode";
    private readonly WebApplication _app;
    private readonly HttpClient _azurite;

    private KeepingStore(WebApplication app, Uri azurite) => (_app, _azurite) = (app, new HttpClient { BaseAddress = azurite });

    public BlobStores Stores { get; private set; } = null!;

    /// <summary>Each blob that has a policy, as <c>account/container/name</c>.</summary>
    public ConcurrentDictionary<string, (DateTimeOffset Until, string Mode)> Policies { get; } = new(StringComparer.Ordinal);

    /// <summary>False: policies are passed on to Azurite, which refuses them.</summary>
    public bool TakesPolicies { get; init; } = true;

    /// <summary>How often a policy was asked for by a request of its own.</summary>
    public int Asked { get; private set; }

    public static async Task<KeepingStore> StartAsync(Azurite azurite, bool takesPolicies = true)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var store = new KeepingStore(builder.Build(), new Uri(azurite.Address)) { TakesPolicies = takesPolicies };
        store._app.Run(store.AnswerAsync);
        await store._app.StartAsync();
        var address = store._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        store.Stores = new BlobStores(Options.Create(new BlobStoreOptions
        {
            BlobAccounts = [.. azurite.Options.BlobAccounts.Select(account => new BlobAccount
            {
                Endpoint = account.Endpoint.Replace(azurite.Address, address, StringComparison.Ordinal), Key = account.Key,
            })],
        }), new NoIdentity());
        store.Address = address;
        return store;
    }

    public string Address { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _azurite.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, blob) = (context.Request, Uri.UnescapeDataString(context.Request.Path.Value!.TrimStart('/')));
        var held = Policies.TryGetValue(blob, out var policy) && policy.Until > DateTimeOffset.UtcNow;
        if (request.Query["comp"] == "immutabilityPolicies") Asked++;
        if (TakesPolicies && request.Query["comp"] == "immutabilityPolicies" && request.Method == "PUT")
        {
            var wanted = Wanted(request);
            if (held && policy.Mode == "locked" && (wanted.Until < policy.Until || wanted.Mode != "locked")) await RefuseAsync(context);
            else Show(context, Policies[blob] = wanted);
            return;
        }

        if (held && request.Method is ("PUT" or "DELETE"))
        {
            await RefuseAsync(context);
            return;
        }

        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_azurite.BaseAddress!, context.Features.Get<IHttpRequestFeature>()!.RawTarget));
        if (request.ContentLength is not null) forwarded.Content = new StreamContent(request.Body);
        foreach (var (name, values) in request.Headers)
            if (!forwarded.Headers.TryAddWithoutValidation(name, values.ToArray())) forwarded.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        using var answer = await _azurite.SendAsync(forwarded, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
            context.Response.Headers[name] = values.ToArray();
        if (answer.IsSuccessStatusCode && request.Headers.ContainsKey(Until)) Policies[blob] = Wanted(request);
        else if (held) Show(context, policy);
        if (request.Method != "HEAD" && answer.StatusCode != HttpStatusCode.NotModified) await answer.Content.CopyToAsync(context.Response.Body);
    }

    private static (DateTimeOffset Until, string Mode) Wanted(HttpRequest request) =>
        (DateTimeOffset.Parse(request.Headers[Until].ToString()), request.Headers[Mode].ToString().ToLowerInvariant());

    private static void Show(HttpContext context, (DateTimeOffset Until, string Mode) policy)
    {
        context.Response.Headers[Until] = policy.Until.ToString("R");
        context.Response.Headers[Mode] = policy.Mode;
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = 409;
        context.Response.Headers["x-ms-error-code"] = "BlobImmutableDueToPolicy";
        return context.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>BlobImmutableDueToPolicy</Code><Message>immutable</Message></Error>");
    }
}
