using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// Who did what in a run, as JSON lines. Each line carries the hash of the one before, so that a line that is changed, moved or
/// taken out later shows.
/// </summary>
public sealed class AuditLog(IDocumentStore store)
{
    /// <summary>Adds an entry; a second one with the same key changes nothing.</summary>
    public async Task AppendAsync(string runId, AuditEntry entry, CancellationToken cancellationToken)
    {
        var path = RunPaths.Audit(runId);
        while (true)
        {
            // Another writer may come between the read and the write: the condition refuses us, and we look again.
            cancellationToken.ThrowIfCancellationRequested();
            var stored = await store.ReadAsync(path, cancellationToken);
            var text = stored?.Content.ToString() ?? "";
            var lines = Lines(text);
            if (lines.Any(line => line.Key == entry.Key))
                return;

            var last = lines.Count > 0 ? lines[^1] : null;
            var line = AuditLine.After(last, entry);
            var content = BinaryData.FromString(text + JsonSerializer.Serialize(line, SpecJson.Options) + "\n");
            var written = stored is null
                ? await store.CreateAsync(path, content, cancellationToken)
                : await store.ReplaceAsync(path, content, stored.ETag, cancellationToken);
            if (written)
                return;
        }
    }

    /// <summary>The number of the first line that does not follow from the one before; null when the whole chain holds.</summary>
    public static long? FirstBroken(string jsonLines)
    {
        AuditLine? last = null;
        foreach (var line in Lines(jsonLines))
        {
            if (line != AuditLine.After(last, new AuditEntry(line.Key, line.At, line.Actor, line.Action, line.Detail)))
                return line.Seq;
            last = line;
        }

        return null;
    }

    private static List<AuditLine> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<AuditLine>(line, SpecJson.Options)!)];
}

/// <param name="Key">Names the fact, so that telling it twice leaves one line: the instance id and the step, for instance.</param>
/// <param name="Actor">The person, or <c>orchestrator</c>.</param>
public sealed record AuditEntry(string Key, DateTimeOffset At, string Actor, string Action, string? Detail = null);

/// <summary>A line as it stands in the log.</summary>
/// <param name="Hash">SHA-256, in hexadecimal, over the other members and the hash before.</param>
public sealed record AuditLine(long Seq, string Key, DateTimeOffset At, string Actor, string Action, string? Detail, string Previous, string Hash)
{
    private static readonly string Genesis = new('0', 64);

    public static AuditLine After(AuditLine? last, AuditEntry entry)
    {
        var line = new AuditLine((last?.Seq ?? 0) + 1, entry.Key, entry.At.ToUniversalTime(), entry.Actor, entry.Action, entry.Detail, last?.Hash ?? Genesis, "");
        return line with { Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, SpecJson.Options)))) };
    }
}
