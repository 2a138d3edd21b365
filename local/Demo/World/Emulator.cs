using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;

namespace Orchestrator.Local.Demo.World;

/// <summary>The Azure emulator: ARM over TLS, and a front end that customers reach the sites through.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    /// <summary>The emulator looks at the form of a token only; Azure would check it.</summary>
    public const string Token = "demo";

    private readonly Child _child;

    private Emulator(Child child, EmulatorPorts ports, string certificateFile) =>
        (_child, Ports, CertificateFile) = (child, ports, certificateFile);

    public EmulatorPorts Ports { get; }

    public string CertificateFile { get; }

    public Uri Arm => new($"https://127.0.0.1:{Ports.Arm}");

    public static async Task<Emulator> StartAsync(
        Repository repository, EmulatorPorts ports, Uri blobEndpoint, IReadOnlyDictionary<string, string> keys, string folder,
        string logs, CancellationToken cancellationToken)
    {
        var certificate = Path.Combine(folder, "arm.pem");
        List<string> arguments =
        [
            repository.EmulatorAssembly, "--arm-port", $"{ports.Arm}", "--front-port", $"{ports.Front}", "--front-tls-port", $"{ports.FrontTls}",
            "--blob-endpoint", blobEndpoint.GetLeftPart(UriPartial.Authority), "--data", folder, "--certificate", certificate,
        ];
        foreach (var (account, key) in keys)
        {
            arguments.AddRange(["--blob-account", $"{account}:{key}"]);
        }

        var child = Child.Start(new Command("The Azure emulator", "dotnet", arguments, logs), Path.Combine(logs, "emulator.log"));
        var emulator = new Emulator(child, ports, certificate);
        HttpClient? http = null;
        try
        {
            await Ready.WaitAsync(child, async limit =>
            {
                if (!File.Exists(certificate))
                {
                    return false;
                }

                http ??= emulator.ArmClient();
                using var answer = await http.GetAsync(new Uri("/subscriptions?api-version=2022-12-01", UriKind.Relative), limit);
                return answer.IsSuccessStatusCode;
            }, cancellationToken);
        }
        finally
        {
            http?.Dispose();
        }

        return emulator;
    }

    public Uri Front => new($"http://127.0.0.1:{Ports.Front}");

    /// <summary>A client of ARM that trusts this emulator's certificate and no other.</summary>
    public HttpClient ArmClient()
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(CertificateFile));
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
            BaseAddress = Arm,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
        };
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}

/// <param name="Arm">ARM, TLS.</param>
/// <param name="Front">The sites, plain.</param>
/// <param name="FrontTls">The sites, TLS.</param>
internal sealed record EmulatorPorts(int Arm, int Front, int FrontTls);
