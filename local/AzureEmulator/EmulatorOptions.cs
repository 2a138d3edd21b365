using Orchestrator.Local.AzureEmulator.Runtime;

namespace Orchestrator.Local.AzureEmulator;

/// <summary>How an emulator is started. Ports of zero are chosen by the system.</summary>
public sealed class EmulatorOptions
{
    public int ArmPort { get; init; }

    public int FrontPort { get; init; }

    public int FrontTlsPort { get; init; }

    /// <summary>The blob server that storage accounts live on, path-style: an account's endpoint is this, the account's name and a slash.</summary>
    public string BlobEndpoint { get; init; } = "http://127.0.0.1:10000";

    /// <summary>Accounts that the blob server knows, with their keys: <c>listKeys</c> returns them and containers are really made there.</summary>
    public IReadOnlyDictionary<string, string> BlobAccounts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where packages are unpacked and logs written. Made when absent.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where the certificate is written as PEM; by default <c>certificate.pem</c> in the data directory.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The subscriptions that exist. None means that every GUID is one.</summary>
    public IReadOnlyList<string> Subscriptions { get; init; } = [];

    /// <summary>What runs a slot's package; by default a child process for each.</summary>
    public ISlotRuntime? Runtime { get; init; }

    public EmulatorDurations Durations { get; init; } = new();

    /// <summary>The Retry-After of 202 answers.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>Answers 429 when the token buckets are empty, as Azure does. Off, the headers still tell how full they are.</summary>
    public bool EnforceRateLimits { get; init; }
}
