namespace Orchestrator.Local.AzureEmulator.Arm;

/// <summary>
/// What an ARM path names: the scope, the provider, and a pattern in which every name is a star
/// (<c>microsoft.web/sites/*/slots/*/slotsswap</c>), so that routes read as the REST reference does.
/// </summary>
internal sealed class ArmTarget
{
    private static readonly char[] Slash = ['/'];

    private ArmTarget(string path, string[] segments, int provider)
    {
        Path = path;
        Subscription = Segment(segments, 0, "subscriptions");
        Group = Segment(segments, 2, "resourcegroups");
        var own = provider < 0 ? segments : segments[(provider + 2)..];
        Namespace = provider < 0 ? null : segments[provider + 1];
        Scope = "/" + string.Join('/', provider < 0 ? segments : segments[..provider]);
        Names = [.. own.Where((_, index) => index % 2 == 1)];
        var pattern = string.Join('/', own.Select((segment, index) => index % 2 == 1 ? "*" : segment));
        Pattern = (Namespace is null ? pattern : $"{Namespace}/{pattern}").ToLowerInvariant();
    }

    public string Path { get; }

    public string Pattern { get; }

    public string? Subscription { get; }

    public string? Group { get; }

    /// <summary>What stands before the last <c>/providers/</c>: a subscription, a group or, for locks and metrics, a resource.</summary>
    public string Scope { get; }

    public string? Namespace { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The id of the group, in the spelling that ARM itself uses.</summary>
    public string GroupId => $"/subscriptions/{Subscription}/resourceGroups/{Group}";

    public static ArmTarget Parse(string path)
    {
        var segments = path.Split(Slash, StringSplitOptions.RemoveEmptyEntries);
        var provider = Array.FindLastIndex(segments, segment => segment.Equals("providers", StringComparison.OrdinalIgnoreCase));
        return new ArmTarget(path, segments, NamesAResource(segments, provider) ? provider : -1);
    }

    /// <summary>The id of a resource written the way it is kept: no trailing slash, <c>resourceGroups</c> spelt as ARM does.</summary>
    public static string Normalize(string id)
    {
        var segments = id.Split(Slash, StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length > 2 && segments[2].Equals("resourcegroups", StringComparison.OrdinalIgnoreCase)) segments[2] = "resourceGroups";
        return "/" + string.Join('/', segments);
    }

    /// <summary><c>providers/{namespace}</c> and its registration are calls about the provider, everything longer is about a resource.</summary>
    private static bool NamesAResource(string[] segments, int provider)
    {
        if (provider < 0 || segments.Length < provider + 3) return false;
        return !segments[provider + 2].Equals("register", StringComparison.OrdinalIgnoreCase)
            && !segments[provider + 2].Equals("unregister", StringComparison.OrdinalIgnoreCase);
    }

    private static string? Segment(string[] segments, int index, string label) =>
        segments.Length > index + 1 && segments[index].Equals(label, StringComparison.OrdinalIgnoreCase) ? segments[index + 1] : null;
}
