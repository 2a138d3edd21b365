using System.Globalization;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Which runs are wanted.</summary>
public sealed record RunQuery(IReadOnlyList<string> Statuses, string? Site, DateTimeOffset? From, int PageSize, ListCursor? Cursor)
{
    private const int LargestPage = 200;

    public static RunQuery Parse(IQueryCollection query)
    {
        var statuses = query["status"].SelectMany(value => (value ?? "").Split(',')).Where(status => status.Length > 0).ToList();
        if (statuses.Find(status => !RunStatus.All.Contains(status)) is not null)
            throw Wrong($"status is one of {string.Join(", ", RunStatus.All)}.");
        return new RunQuery(statuses, Single(query, "site"), FromTime(query), Size(query), Token(query));
    }

    public bool Matches(RunView run) =>
        (Statuses.Count == 0 || Statuses.Contains(run.Status)) && (Site is null || string.Equals(Site, run.Site, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same query as text, going on at <paramref name="cursor"/>.</summary>
    public QueryString With(ListCursor cursor)
    {
        var query = new QueryString();
        if (Statuses.Count > 0)
            query = query.Add("status", string.Join(',', Statuses));
        if (Site is not null)
            query = query.Add("site", Site);
        if (From is { } from)
            query = query.Add("from", from.ToString("O", CultureInfo.InvariantCulture));
        return query.Add("pageSize", PageSize.ToString(CultureInfo.InvariantCulture)).Add("continuationToken", cursor.ToString());
    }

    private static DateTimeOffset? FromTime(IQueryCollection query)
    {
        if (Single(query, "from") is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from)
            ? from.ToUniversalTime()
            : throw Wrong("from is a time such as 2026-12-01T00:00:00Z.");
    }

    private static int Size(IQueryCollection query)
    {
        if (Single(query, "pageSize") is not { } text)
            return 50;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= LargestPage
            ? size
            : throw Wrong($"pageSize is a number from 1 to {LargestPage}.");
    }

    private static ListCursor? Token(IQueryCollection query) => Single(query, "continuationToken") is not { } text
        ? null
        : ListCursor.Parse(text) ?? throw Wrong("continuationToken is not one that an answer gave.");

    private static string? Single(IQueryCollection query, string name) => query[name] switch
    {
        [] => null,
        [{ Length: > 0 } value] => value,
        _ => throw Wrong($"{name} is one value."),
    };

    private static ProblemException Wrong(string detail) => new(ProblemKind.WrongQuery, detail);
}
