using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using Orchestrator.Functions.Telemetry;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Functions.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Log_lines_and_spans_reach_an_OTLP_endpoint()
    {
        await using var endpoint = await Endpoint.StartAsync();
        var world = new EdgeWorld();
        world.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint.Address;
        world.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        await world.InitializeAsync();

        await world.StartRunAsync("told");
        await world.DisposeAsync();

        Assert.Contains("dee@contoso.com started migration told in mode", endpoint.Received("/v1/logs"), StringComparison.Ordinal);
        Assert.Contains("create_orchestration:MigrationOrchestrator", endpoint.Received("/v1/traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_in_Application_Insights_has_the_text_or_with_an_exception_the_format_and_the_values_that_the_queries_look_for()
    {
        await using var endpoint = await Endpoint.StartAsync();
        var world = new EdgeWorld();
        world.Settings[TelemetryServices.ConnectionString] = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={endpoint.Address}/";
        // A token is not sent without TLS.
        world.MoreServices = services => services.AddSingleton<TokenCredential>(new NoIdentity()).PostConfigure<AzureMonitorExporterOptions>(monitor => monitor.Credential = null);
        await world.InitializeAsync();

        await world.StartRunAsync("told");
        world.Get<ILogger<TelemetryTests>>().LogError(new InvalidOperationException("the cause"), "{Method} failed", "GET");
        await world.DisposeAsync();

        var rows = endpoint.Received("/v2.1/track").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => JsonNode.Parse(row)!["data"]!).ToLookup(row => row["baseType"]!.ToString(), row => row["baseData"]!);
        var started = Assert.Single(rows["MessageData"], row => row["message"]!.ToString().StartsWith("dee@contoso.com started migration told", StringComparison.Ordinal));
        Assert.Equal("Orchestrator.Functions.Migrations.RunStarter", started["properties"]!["CategoryName"]!.ToString());
        var failed = Assert.Single(rows["ExceptionData"])["properties"]!;
        Assert.Equal(("{Method} failed", "GET"), (failed["OriginalFormat"]!.ToString(), failed["Method"]!.ToString()));
    }

    [Fact]
    public void Application_Insights_gets_every_log_line_with_the_identity_of_the_app()
    {
        var credential = new NoIdentity();
        using var services = Services((TelemetryServices.ConnectionString, "InstrumentationKey=00000000-0000-0000-0000-000000000001"), credential);

        var monitor = services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;

        Assert.Same(credential, monitor.Credential);
        Assert.False(monitor.EnableTraceBasedLogsSampler);
        Assert.Equal("True", services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities["WorkerOpenTelemetryEnabled"]);
    }

    [Fact]
    public void Nothing_is_sent_where_no_setting_says_where_to()
    {
        using var services = Services(("unrelated", "x"), new NoIdentity());

        Assert.Null(services.GetService<TracerProvider>());
        Assert.Empty(services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities);
    }

    private static ServiceProvider Services((string Name, string Value) setting, TokenCredential credential)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new KeyValuePair<string, string?>(setting.Name, setting.Value)]).Build();
        return new ServiceCollection().AddOptions().AddSingleton<IConfiguration>(configuration).AddSingleton(credential).AddTelemetry(configuration).BuildServiceProvider();
    }

    /// <summary>Takes what is sent over HTTP; strings stand in it as they are.</summary>
    private sealed class Endpoint(WebApplication app, ConcurrentQueue<(string Path, byte[] Body)> received) : IAsyncDisposable
    {
        public string Address => app.Urls.Single();

        public static async Task<Endpoint> StartAsync()
        {
            var received = new ConcurrentQueue<(string, byte[])>();
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await using var sent = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
                await sent.CopyToAsync(body);
                received.Enqueue((context.Request.Path, body.ToArray()));
            });
            await app.StartAsync();
            return new Endpoint(app, received);
        }

        public string Received(string path) => string.Join('\n', received.Where(sent => sent.Path == path).Select(sent => Encoding.UTF8.GetString(sent.Body)));

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
