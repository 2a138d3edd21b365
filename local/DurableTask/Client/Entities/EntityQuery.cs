namespace Microsoft.DurableTask.Client.Entities;

public record EntityQuery
{
    public const int DefaultPageSize = 100;

    private readonly string? prefix;

    /// <summary>Of the form @name@key; a leading @ is added, and the name is put into lower case.</summary>
    public string? InstanceIdStartsWith
    {
        get => prefix;
        init => prefix = value is null ? null : Normalized(value.StartsWith('@') ? value : "@" + value);
    }

    public DateTimeOffset? LastModifiedFrom { get; init; }

    public DateTimeOffset? LastModifiedTo { get; init; }

    public bool IncludeState { get; init; } = true;

    public bool IncludeTransient { get; init; }

    public int? PageSize { get; init; }

    public string? ContinuationToken { get; init; }

    private static string Normalized(string prefix)
    {
        var end = prefix.IndexOf('@', 1);
        var name = end < 0 ? prefix : prefix[..end];
#pragma warning disable CA1308 // As the back ends write it.
        return name.ToLowerInvariant() + prefix[name.Length..];
#pragma warning restore CA1308
    }
}
