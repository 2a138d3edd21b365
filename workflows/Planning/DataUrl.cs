namespace Orchestrator.Workflows.Planning;

/// <summary>Compares addresses of data in settings with those of a spec.</summary>
public static class DataUrl
{
    /// <summary>Whether a setting's value is that address; a query (a signature) and a trailing slash do not matter.</summary>
    public static bool Names(string value, string url) =>
        Uri.TryCreate(value, UriKind.Absolute, out var set) && Uri.TryCreate(url, UriKind.Absolute, out var wanted)
        && string.Equals(set.GetLeftPart(UriPartial.Authority), wanted.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
        && string.Equals(set.AbsolutePath.TrimEnd('/'), wanted.AbsolutePath.TrimEnd('/'), StringComparison.Ordinal);
}
