using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orchestrator.Local.AzureEmulator;

var strict = new JsonSerializerOptions(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
var armPort = new Option<int>("--arm-port") { Description = "Port of ARM (https); 0 takes a free one." };
var frontPort = new Option<int>("--front-port") { Description = "Port of the sites (http); 0 takes a free one." };
var frontTlsPort = new Option<int>("--front-tls-port") { Description = "Port of the sites (https); 0 takes a free one." };
var blobEndpoint = new Option<string>("--blob-endpoint") { Description = "The blob server that storage accounts live on.", DefaultValueFactory = _ => "http://127.0.0.1:10000" };
var blobAccount = new Option<string[]>("--blob-account") { Description = "An account of the blob server as name:key; may be repeated." };
var data = new Option<string>("--data") { Description = "Where packages, logs and records are kept.", Required = true };
var certificate = new Option<string?>("--certificate") { Description = "Where the certificate is written as PEM." };
var readyFile = new Option<string?>("--ready-file") { Description = "Where the addresses are written as one JSON line when all is up." };
var subscription = new Option<string[]>("--subscription") { Description = "A subscription that exists; without any, every GUID is one." };
var durations = new Option<string?>("--durations") { Description = "How long things take at least, as JSON: {\"swap\":\"00:00:05\"}. Names are those of EmulatorDurations." };
var retryAfter = new Option<int>("--retry-after") { Description = "Seconds in the Retry-After of 202 answers.", DefaultValueFactory = _ => 1 };
var enforce = new Option<bool>("--enforce-rate-limits") { Description = "Answer 429 when Azure's token buckets are empty." };

var root = new RootCommand("ARM and App Service on this machine.") { armPort, frontPort, frontTlsPort, blobEndpoint, blobAccount, data, certificate, readyFile, subscription, durations, retryAfter, enforce };
root.SetAction(async (parsed, cancellationToken) =>
{
    await using var host = await EmulatorHost.StartAsync(
        new EmulatorOptions
        {
            ArmPort = parsed.GetValue(armPort),
            FrontPort = parsed.GetValue(frontPort),
            FrontTlsPort = parsed.GetValue(frontTlsPort),
            BlobEndpoint = parsed.GetValue(blobEndpoint)!,
            BlobAccounts = (parsed.GetValue(blobAccount) ?? []).Select(account => account.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
            DataDirectory = parsed.GetValue(data)!,
            CertificateFile = parsed.GetValue(certificate),
            Durations = parsed.GetValue(durations) is { } json ? JsonSerializer.Deserialize<EmulatorDurations>(json, strict)! : new EmulatorDurations(),
            RetryAfterSeconds = parsed.GetValue(retryAfter),
            EnforceRateLimits = parsed.GetValue(enforce),
            Subscriptions = parsed.GetValue(subscription) ?? [],
        },
        cancellationToken);
    var addresses = host.Addresses;
    var ready = new JsonObject
    {
        ["arm"] = Plain(addresses.Arm),
        ["front"] = Plain(addresses.Front),
        ["frontTls"] = Plain(addresses.FrontTls),
        ["certificate"] = addresses.CertificateFile,
        ["control"] = addresses.Control.ToString(),
    }.ToJsonString();
    if (parsed.GetValue(readyFile) is { } file)
    {
        await File.WriteAllTextAsync(file + ".partial", ready, cancellationToken);
        File.Move(file + ".partial", file, overwrite: true);
    }

    Console.WriteLine(ready);
    try
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
    catch (OperationCanceledException)
    {
        // Asked to stop; leaving the block ends the apps.
    }
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

static string Plain(Uri address) => address.GetLeftPart(UriPartial.Authority);
