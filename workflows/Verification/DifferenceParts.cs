using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Verification;

/// <summary>
/// The differences that the batches of a comparison found, a document for each batch, as JSON lines. A part is named after what is in it: a batch that
/// runs twice and finds the same writes the same part, and one that runs late and finds something else never writes over it.
/// </summary>
public sealed class DifferenceParts(IDocumentStore store)
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <param name="differences">In the order of their names.</param>
    /// <returns>The part's name, from which <see cref="PathOf"/> makes its path; null where nothing differs.</returns>
    public async Task<string?> WriteAsync(CompareDataBatch batch, IReadOnlyList<ObjectDifference> differences, CancellationToken cancellationToken)
    {
        if (differences.Count == 0) return null;
        using var lines = new MemoryStream();
        foreach (var difference in differences)
        {
            await JsonSerializer.SerializeAsync(lines, difference, SpecJson.Options, cancellationToken);
            await lines.WriteAsync(LineEnd, cancellationToken);
        }

        var content = lines.GetBuffer().AsMemory(0, (int)lines.Length);
        var part = $"{RoundPrefix(batch.Round)}{batch.Number:D6}-{Convert.ToHexStringLower(SHA256.HashData(content.Span).AsSpan(0, 8))}";
        await store.PutAsync(PathOf(batch.RunId, batch.Verification, batch.Data.Name, part), new BinaryData(content), cancellationToken);
        return part;
    }

    public async Task<IReadOnlyList<ObjectDifference>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(path, cancellationToken) ?? throw new InvalidOperationException($"{path} is gone: it held what a comparison found.");
        return
        [
            .. stored.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<ObjectDifference>(line, SpecJson.Options)!),
        ];
    }

    public static string PathOf(string runId, int verification, string data, string part) => RunPaths.Of(runId, $"verification/{verification}/{data}/{part}.jsonl");

    /// <summary>What the names of a round's parts begin with.</summary>
    public static string RoundPrefix(int round) => $"round-{round}/";
}
