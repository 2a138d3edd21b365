using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orchestrator.Local.AzureEmulator.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace Orchestrator.Local.AzureEmulator;

/// <summary>A running emulator: ARM on one port, the front end of the sites on two (plain and TLS). Disposing ends every app it runs.</summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    private readonly Emulator _emulator;
    private readonly WebApplication _arm;
    private readonly WebApplication _front;
    private readonly X509Certificate2 _certificate;

    private EmulatorHost(Emulator emulator, WebApplication arm, WebApplication front, X509Certificate2 certificate, string certificateFile)
    {
        (_emulator, _arm, _front, _certificate) = (emulator, arm, front, certificate);
        var fronts = Urls(front);
        Addresses = new EmulatorAddresses(
            Urls(arm)[0],
            fronts.First(url => url.Scheme == Uri.UriSchemeHttp),
            fronts.First(url => url.Scheme == Uri.UriSchemeHttps),
            certificateFile);
    }

    public EmulatorAddresses Addresses { get; }

    /// <summary>The certificate, for clients in the same process. It carries its key; the PEM file does not.</summary>
    public X509Certificate2 Certificate => _certificate;

    public static async Task<EmulatorHost> StartAsync(EmulatorOptions options, CancellationToken cancellationToken = default)
    {
        Prepare(options.DataDirectory);
        var certificate = EmulatorCertificate.Create();
        var file = Path.GetFullPath(options.CertificateFile ?? Path.Combine(options.DataDirectory, "certificate.pem"));
        EmulatorCertificate.Write(certificate, file);
        var emulator = new Emulator(options);
        var arm = Build(kestrel => kestrel.Listen(IPAddress.Loopback, options.ArmPort, listen => listen.UseHttps(certificate)));
        arm.Run(emulator.Arm.InvokeAsync);
        var front = Build(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, options.FrontPort);
            kestrel.Listen(IPAddress.Loopback, options.FrontTlsPort, listen => listen.UseHttps(certificate));
        });
        var pipeline = emulator.FrontEnd(front.Services.GetRequiredService<IHttpForwarder>());
        front.Run(pipeline.InvokeAsync);
        await arm.StartAsync(cancellationToken);
        await front.StartAsync(cancellationToken);
        return new EmulatorHost(emulator, arm, front, certificate, file);
    }

    public async ValueTask DisposeAsync()
    {
        await _arm.DisposeAsync();
        await _front.DisposeAsync();
        await _emulator.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>State lives in memory, so what an earlier emulator unpacked belongs to nobody. Logs are kept.</summary>
    private static void Prepare(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var old in (string[])["sites", "packages"])
        {
            if (Directory.Exists(Path.Combine(directory, old))) Directory.Delete(Path.Combine(directory, old), recursive: true);
        }
    }

    private static WebApplication Build(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            listen(kestrel);
        });
        builder.Services.AddHttpForwarder();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        return builder.Build();
    }

    private static List<Uri> Urls(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
}

/// <summary>Where a running emulator is reached.</summary>
/// <param name="Arm">The ARM endpoint, TLS.</param>
/// <param name="Front">The sites' entrance: the Host header chooses the slot.</param>
/// <param name="FrontTls">The same over TLS.</param>
/// <param name="CertificateFile">The PEM file to trust.</param>
public sealed record EmulatorAddresses(Uri Arm, Uri Front, Uri FrontTls, string CertificateFile)
{
    /// <summary>The control calls: call log, faults, state.</summary>
    public Uri Control => new(Front, "_emulator/");
}
