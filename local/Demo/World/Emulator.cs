using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;

namespace Orchestrator.Local.Demo.World;

/// <summary>The Azure emulator: ARM over TLS, and a front end that customers reach the sites through.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    /// <summary>The emulator looks at the form of a token only; Azure would check it.</summary>
    public const string Token = "demo";

    private readonly Child _child;

    private Emulator(Child child, EmulatorAddresses addresses) => (_child, Addresses) = (child, addresses);

    public EmulatorAddresses Addresses { get; }

    public static async Task<Emulator> StartAsync(
        Repository repository, Uri blobEndpoint, IReadOnlyDictionary<string, string> keys, string folder, string logs, CancellationToken cancellationToken)
    {
        var readyFile = Path.Combine(folder, "ready.json");
        Directory.CreateDirectory(folder);
        List<string> arguments =
        [
            repository.EmulatorAssembly, "--data", folder, "--ready-file", readyFile,
            "--blob-endpoint", blobEndpoint.GetLeftPart(UriPartial.Authority),
        ];
        foreach (var (account, key) in keys)
        {
            arguments.AddRange(["--blob-account", $"{account}:{key}"]);
        }

        var child = Child.Start(new Command("The Azure emulator", "dotnet", arguments, logs), Path.Combine(logs, "emulator.log"));
        await Ready.WaitAsync(child, _ => Task.FromResult(File.Exists(readyFile)), cancellationToken);
        return new Emulator(child, JsonSerializer.Deserialize<EmulatorAddresses>(File.ReadAllText(readyFile), JsonSerializerOptions.Web)!);
    }

    public HttpClient ArmClient() => ArmClient(Addresses);

    /// <summary>A client of ARM that trusts that emulator's certificate and no other.</summary>
    public static HttpClient ArmClient(EmulatorAddresses addresses)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(addresses.Certificate));
        var thumbprint = certificate.GetCertHash(HashAlgorithmName.SHA256);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, presented, _, _) =>
                    presented is not null && presented.GetCertHash(HashAlgorithmName.SHA256).AsSpan().SequenceEqual(thumbprint),
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = addresses.Arm,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
        };
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}

/// <summary>Where the emulator is reached, as it says itself when all is up.</summary>
/// <param name="Arm">ARM, TLS.</param>
/// <param name="Front">The sites, plain.</param>
/// <param name="FrontTls">The sites, TLS.</param>
/// <param name="Certificate">The PEM file to trust.</param>
/// <param name="Control">Faults and the call log.</param>
internal sealed record EmulatorAddresses(Uri Arm, Uri Front, Uri FrontTls, string Certificate, Uri Control);
