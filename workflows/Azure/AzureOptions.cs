using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Workflows.Azure;

/// <summary>Where Azure is, and how it is believed. The defaults are the public cloud with the host's own identity. Section <c>Azure</c>.</summary>
public sealed class AzureOptions
{
    public const string Section = "Azure";

    /// <summary>The Resource Manager endpoint: an absolute https address, since tokens are sent there.</summary>
    [Required]
    public Uri ArmEndpoint { get; init; } = new("https://management.azure.com");

    /// <summary>The audience that tokens for Resource Manager are asked for.</summary>
    [Required]
    public string ArmAudience { get; init; } = "https://management.azure.com";

    /// <summary>Path of a PEM file with one more root certificate to trust for Resource Manager and for the sites; none by default.</summary>
    public string? TrustedCertificate { get; init; }

    /// <summary>
    /// <c>host:port</c> to connect to for every host below azurewebsites.net, keeping the Host header; absent: what DNS says.
    /// For private front ends and for the emulator.
    /// </summary>
    public string? SiteEndpoint { get; init; }

    /// <summary>A fixed bearer token in place of the host's identity: for the emulator, which takes any.</summary>
    public string? StaticToken { get; init; }

    /// <summary>How long a swap, a slot or a package may take before the step fails. Default 10 minutes.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The pause between two looks at a long operation outside of the write pause. Default 2 seconds.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);
}
