using System.Net;
using Markdig;

namespace Orchestrator.Workflows.Reporting;

/// <summary>The Markdown report as one self-contained page: no script, nothing loaded from elsewhere.</summary>
public static class HtmlReport
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    private const string Style = """
        :root { color-scheme: light dark; --line: #d0d7de; --soft: #f6f8fa; --good: #1a7f37; --bad: #cf222e; }
        @media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #151b23; --good: #3fb950; --bad: #f85149; } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { border-bottom: 4px solid var(--mark); padding-bottom: .5rem; }
        h2 { margin-top: 2.5rem; font-size: 1.25rem; }
        table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
        th, td { border-bottom: 1px solid var(--line); padding: .4rem .8rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; min-width: 6rem; }
        th { background: var(--soft); }
        """;

    public static string Write(MigrationReport report, string markdown)
    {
        var good = report.Status is "succeeded" or "planned" or "rehearsed";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Migration {WebUtility.HtmlEncode(report.Id)}: {report.Status}</title>
            <style>{Style} :root {"{"} --mark: var({(good ? "--good" : "--bad")}); {"}"}</style>
            </head>
            <body>
            <main>
            {Markdown.ToHtml(markdown, Pipeline)}
            </main>
            </body>
            </html>
            """;
    }
}
