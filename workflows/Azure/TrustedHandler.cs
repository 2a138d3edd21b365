using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Workflows.Azure;

/// <summary>Builds the HTTP handlers for calls to Azure: an additional trusted root, and a fixed address for the sites, where the options ask for them.</summary>
public static class TrustedHandler
{
    private const string SiteSuffix = ".azurewebsites.net";

    public static SocketsHttpHandler Create(AzureOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // A routing cookie would pin our own calls to a slot.
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(15),
        };
        if (options.TrustedCertificate is { Length: > 0 } path) Trust(handler, X509CertificateLoader.LoadCertificateFromFile(path));
        if (options.SiteEndpoint is { Length: > 0 } endpoint) Connect(handler, endpoint);
        return handler;
    }

    private static void Trust(SocketsHttpHandler handler, X509Certificate2 root) =>
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsSignedBy(root, certificate, chain));

    private static bool IsSignedBy(X509Certificate2 root, X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is null) return false;
        using var presented = new X509Certificate2(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(presented);
    }

    private static void Connect(SocketsHttpHandler handler, string endpoint)
    {
        var address = new Uri($"tcp://{endpoint}");
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var asked = context.DnsEndPoint;
            EndPoint target = asked.Host.EndsWith(SiteSuffix, StringComparison.OrdinalIgnoreCase) ? new DnsEndPoint(address.Host, address.Port) : asked;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(target, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
    }
}
