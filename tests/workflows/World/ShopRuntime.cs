using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.AzureEmulator.Runtime;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests;

/// <summary>
/// Runs a slot's package inside the test process: a shop of three pages whose version is the package's. It really writes its orders
/// to the container in its settings, so what the tests count is what a real site would lose.
/// </summary>
internal sealed class ShopRuntime(BlobStores stores) : ISlotRuntime
{
    private int healthChecks;

    /// <summary>How often any of the slots was asked for its health.</summary>
    public int HealthChecks => healthChecks;

    public ConcurrentDictionary<string, string> Environments { get; } = new(StringComparer.Ordinal);

    public async Task<ISlotInstance> StartAsync(SlotStart start, CancellationToken cancellationToken)
    {
        var version = (await File.ReadAllTextAsync(Path.Combine(start.ContentRoot, "version.txt"), cancellationToken)).Trim();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        Map(app, version, start.Environment);
        await app.StartAsync(cancellationToken);
        return new Instance(app);
    }

    private void Map(WebApplication app, string version, IReadOnlyDictionary<string, string> environment)
    {
        var readOnly = false;
        app.MapGet("/", () => $"shop {version}");
        app.MapGet("/healthz", () =>
        {
            Interlocked.Increment(ref healthChecks);
            return environment.GetValueOrDefault("BROKEN") == version ? Results.StatusCode(500) : Results.Ok();
        });
        app.MapGet("/settings/{name}", (string name) => environment.GetValueOrDefault(name) ?? "");
        app.MapPost("/admin/read-only", () => { readOnly = true; return Results.Ok(); });
        app.MapPost("/admin/read-write", () => { readOnly = false; return Results.Ok(); });
        app.MapPost("/orders/{id}", async (string id, HttpContext context) =>
        {
            if (readOnly)
            {
                context.Response.Headers.RetryAfter = "1";
                return Results.StatusCode(503);
            }
            await stores.Container(environment["ORDERS_URL"]).GetBlobClient($"{id}.json").UploadAsync(BinaryData.FromString($$"""{"id":"{{id}}","by":"{{version}}"}"""), overwrite: true);
            return Results.StatusCode(201);
        });
    }

    private sealed class Instance(WebApplication app) : ISlotInstance
    {
        private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Uri Address { get; } = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        public int? ProcessId => null;

        public Task Exited => exited.Task;

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            exited.TrySetResult();
        }
    }
}
