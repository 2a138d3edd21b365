using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>The section <c>Azure</c>: blob stores that are reached with a shared key because Entra ID does not know them.</summary>
public sealed class BlobStoreOptions
{
    public const string Section = "Azure";

    public List<BlobAccount> BlobAccounts { get; init; } = [];
}

public sealed class BlobAccount
{
    /// <summary>Where the account's containers begin: <c>http://127.0.0.1:10000/account</c> or <c>https://account.blob.core.windows.net</c>.</summary>
    [Required, Url]
    public required string Endpoint { get; init; }

    /// <summary>The account's shared key, base64. Never logged.</summary>
    [Required, Base64String]
    public required string Key { get; init; }
}
