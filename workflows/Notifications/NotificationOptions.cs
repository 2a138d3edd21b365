namespace Orchestrator.Workflows.Notifications;

/// <summary>Section <c>Notifications</c>.</summary>
public sealed class NotificationOptions
{
    public const string Section = "Notifications";

    /// <summary>The webhooks' signing secrets by name, each at least 24 bytes as base64. A spec says a name, never a value.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether webhooks may be on private, link-local or loopback addresses. Default no: a spec must not reach into the network.</summary>
    public bool AllowPrivateAddresses { get; init; }
}
