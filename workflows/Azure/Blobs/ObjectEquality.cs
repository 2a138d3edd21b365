namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>When a copy holds what its original holds, told from two listings alone.</summary>
public static class ObjectEquality
{
    /// <summary>
    /// Size, headers and metadata must agree, and the MD5 where both have one. Without it the copy must be strictly younger than the original:
    /// times are whole seconds, so an original changed in the second of its copy counts as different.
    /// </summary>
    public static bool IsCopyOf(ListedObject copy, ListedObject original) =>
        DescribedAlike(copy, original)
        && (copy.Md5 is not null && original.Md5 is not null
            ? string.Equals(copy.Md5, original.Md5, StringComparison.Ordinal)
            : copy.LastModified > original.LastModified);

    /// <summary>All that listings tell of the two agrees; the content of objects without MD5 is still to be read.</summary>
    public static bool DescribedAlike(ListedObject one, ListedObject other) =>
        one.Size == other.Size
        && one.Partial is null
        && other.Partial is null
        && one.Kind == other.Kind
        && (one.Md5 is null || other.Md5 is null || string.Equals(one.Md5, other.Md5, StringComparison.Ordinal))
        && one.Headers == other.Headers
        && Same(one.Metadata, other.Metadata)
        && (one.Tags is null || other.Tags is null || Same(one.Tags, other.Tags));

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count
        && one.All(pair => other.TryGetValue(pair.Key, out var value) && string.Equals(value, pair.Value, StringComparison.Ordinal));
}
