using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.AzureEmulator.Runtime;
using Shop;

namespace Orchestrator.Workflows.Tests;

/// <summary>
/// Runs a slot's package inside the test process: a shop of a few pages whose version is the package's. It really writes its orders
/// to the container in its settings, so what the tests count is what a real site would lose.
/// </summary>
internal sealed class ShopRuntime(Func<string, BlobContainerClient> containers) : ISlotRuntime
{
    private int healthChecks;

    /// <summary>How often any of the slots was asked for its health.</summary>
    public int HealthChecks => healthChecks;

    /// <summary>Every write to a store, of every version, in the order in which they ended.</summary>
    public ConcurrentQueue<StoreWrite> Writes { get; } = new();

    /// <summary>The calls to the switch for writes, as path and version.</summary>
    public ConcurrentQueue<(string Path, string Version)> Switched { get; } = new();

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
        var gate = new WriteGate();
        app.MapGet("/", () => $"shop {version}");
        app.MapGet("/healthz", () =>
        {
            Interlocked.Increment(ref healthChecks);
            return environment.GetValueOrDefault("BROKEN") == version ? Results.StatusCode(500) : Results.Ok();
        });
        app.MapGet("/settings/{name}", (string name) => environment.GetValueOrDefault(name) ?? "");
        app.MapPost("/admin/read-only", async () =>
        {
            Switched.Enqueue(("/admin/read-only", version));
            await gate.CloseAsync(CancellationToken.None);
            return Results.Ok();
        });
        app.MapPost("/admin/read-write", () =>
        {
            Switched.Enqueue(("/admin/read-write", version));
            gate.Open();
            return Results.Ok();
        });
        app.MapGet("/orders/{id}", (string id) => ReadAsync(environment["ORDERS_URL"], id));
        app.MapPost("/orders/{id}", async (string id, HttpContext context) =>
        {
            if (!gate.TryEnter())
            {
                context.Response.Headers.RetryAfter = "1";
                return Results.StatusCode(503);
            }
            try
            {
                using var body = new StreamReader(context.Request.Body);
                return await WriteAsync(environment["ORDERS_URL"], new StoredOrder(id, version, await body.ReadToEndAsync()));
            }
            finally
            {
                gate.Leave();
            }
        });
    }

    private async Task<IResult> WriteAsync(string container, StoredOrder order)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(order, JsonSerializerOptions.Web);
            await containers(container).GetBlobClient($"{order.Id}.json").UploadAsync(BinaryData.FromBytes(bytes), overwrite: true);
            return Results.Text(Encoding.UTF8.GetString(bytes), "application/json", statusCode: 201);
        }
        finally
        {
            Writes.Enqueue(new StoreWrite(order.Id, order.By, container, began, Stopwatch.GetTimestamp()));
        }
    }

    private async Task<IResult> ReadAsync(string container, string id)
    {
        try
        {
            var found = await containers(container).GetBlobClient($"{id}.json").DownloadContentAsync();
            return Results.Text(found.Value.Content.ToString(), "application/json");
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return Results.NotFound();
        }
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

/// <param name="By">The version that took it.</param>
internal sealed record StoredOrder(string Id, string By, string Text);

/// <summary>A write to a store, and the times of <see cref="Stopwatch"/> around it.</summary>
internal sealed record StoreWrite(string Id, string By, string Container, long Began, long Ended);
