namespace Microsoft.DurableTask.Abstractions;

public static class TaskOrchestrationVersioningUtils
{
    /// <summary>
    /// Orders two versions: an empty one comes before every other, two that <see cref="Version"/> can read are compared as
    /// such, and anything else as text without regard to case.
    /// </summary>
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        var hasSource = !string.IsNullOrWhiteSpace(sourceVersion);
        var hasOther = !string.IsNullOrWhiteSpace(otherVersion);
        if (!hasSource || !hasOther)
            return hasSource.CompareTo(hasOther);
        return Version.TryParse(sourceVersion, out var source) && Version.TryParse(otherVersion, out var other)
            ? source.CompareTo(other)
            : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
