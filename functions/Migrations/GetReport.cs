using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Net.Http.Headers;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>The report in the format that the caller likes best: JSON unless another is asked for.</summary>
public sealed class GetReport(Edge edge, RunReader runs, EdgeDocuments documents)
{
    // A report quotes what people wrote: whatever got into it, no script runs and nothing is fetched.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    private static readonly (string MediaType, Func<string, string> Path)[] Formats =
    [
        ("application/json", RunPaths.ReportJson),
        ("text/markdown", RunPaths.ReportMarkdown),
        ("text/html", RunPaths.ReportHtml),
    ];

    [Function(nameof(GetReport))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/report")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Read, async _ =>
        {
            var past = await runs.DemandAsync(client, id, cancellationToken);
            var (mediaType, path) = Liked(request);
            var report = await documents.ReadRawAsync(path(id), cancellationToken)
                ?? throw past?.Forgotten() ?? new ProblemException(ProblemKind.NoDocument, "The migration has no report yet.");
            return new Answer(StatusCodes.Status200OK, report, $"{mediaType}; charset=utf-8").With("Content-Security-Policy", Policy).With("Vary", "Accept");
        }, cancellationToken);

    private static (string MediaType, Func<string, string> Path) Liked(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
            return Formats[0];
        var accepted = MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept!], out var list) ? list : [];
        // The most specific range that names a format decides its weight; of equal weights the first format wins.
        var best = Formats
            .Select(format => (format, weight: accepted
                .Where(range => new MediaTypeHeaderValue(format.MediaType).IsSubsetOf(Bare(range)))
                .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
                .Select(range => range.Quality ?? 1)
                .FirstOrDefault()))
            .OrderByDescending(candidate => candidate.weight)
            .First();
        return best.weight > 0
            ? best.format
            : throw new ProblemException(ProblemKind.NotAcceptable, $"There are {string.Join(", ", Formats.Select(format => format.MediaType))}.");
    }

    private static MediaTypeHeaderValue Bare(MediaTypeHeaderValue range) => new(range.MediaType);
}
