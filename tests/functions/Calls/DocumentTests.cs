using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class DocumentTests(EdgeWorld world)
{
    private readonly RunDocuments _documents = new(world.Documents);

    [Theory]
    [InlineData("plan")]
    [InlineData("report")]
    [InlineData("audit")]
    public async Task A_document_is_not_found_until_there_is_one(string document)
    {
        await world.StartRunAsync($"none-{document}");

        var none = await world.GetAsync($"/api/migrations/none-{document}/{document}", People.Reader);
        var nobody = await world.GetAsync($"/api/migrations/nobody/{document}", People.Reader);

        Assert.Equal((404, "MIG0025"), (none.Status, none.Code));
        Assert.Equal((404, "MIG0024"), (nobody.Status, nobody.Code));
    }

    [Fact]
    public async Task The_plan_is_shown()
    {
        await world.StartRunAsync("planned");
        await _documents.PutAsync(RunPaths.Plan("planned"), new { runId = "planned" }, default);

        var plan = await world.GetAsync("/api/migrations/planned/plan", People.Reader);

        Assert.Equal((200, """{"runId":"planned"}""", "application/json; charset=utf-8"), (plan.Status, plan.Body, plan.Header("Content-Type")));
    }

    [Theory]
    [InlineData(null, "application/json; charset=utf-8", "{}")]
    [InlineData("*/*", "application/json; charset=utf-8", "{}")]
    [InlineData("text/markdown", "text/markdown; charset=utf-8", "# Report")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8", "<h1>Report</h1>")]
    [InlineData("text/*;q=0.5, application/json;q=0.1", "text/markdown; charset=utf-8", "# Report")]
    [InlineData("text/html;q=0, text/markdown;q=0, */*;q=0.1", "application/json; charset=utf-8", "{}")]
    public async Task The_report_comes_in_the_format_that_is_liked_best(string? accept, string type, string body)
    {
        await StartReportedAsync();

        var report = await world.GetAsync("/api/migrations/reported/report", People.Reader, accept is null ? [] : [("Accept", accept)]);

        Assert.Equal((200, type, body), (report.Status, report.Header("Content-Type"), report.Body));
        Assert.StartsWith("default-src 'none'", report.Header("Content-Security-Policy"));
        Assert.Equal("nosniff", report.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("application/pdf")]
    [InlineData("application/json;q=0")]
    [InlineData("what?")]
    public async Task A_format_that_there_is_not_is_refused(string accept)
    {
        await StartReportedAsync();

        var report = await world.GetAsync("/api/migrations/reported/report", People.Reader, ("Accept", accept));

        Assert.Equal((406, "MIG0034"), (report.Status, report.Code));
    }

    [Fact]
    public async Task The_audit_log_is_a_chain_that_shows_a_change()
    {
        await world.StartRunAsync("audited");
        var log = new AuditLog(world.Documents);
        foreach (var key in new[] { "a", "b", "b", "c" })
            await log.AppendAsync("audited", new AuditEntry(key, DateTimeOffset.UnixEpoch, "dee@contoso.com", "did", key), default);

        var audit = await world.GetAsync("/api/migrations/audited/audit", People.Reader);

        Assert.Equal("application/x-ndjson; charset=utf-8", audit.Header("Content-Type"));
        Assert.Equal(3, audit.Body.TrimEnd('\n').Split('\n').Length);
        Assert.Null(AuditLog.FirstBroken(audit.Body));
        Assert.Equal(2, AuditLog.FirstBroken(audit.Body.Replace("\"detail\":\"b\"", "\"detail\":\"x\"")));
        Assert.Equal(3, AuditLog.FirstBroken(string.Join('\n', audit.Body.Split('\n').Where((_, index) => index != 1))));
    }

    private async Task StartReportedAsync()
    {
        if (await world.Client.GetInstanceAsync("reported") is not null)
            return;
        await world.StartRunAsync("reported");
        await _documents.PutTextAsync(RunPaths.ReportJson("reported"), "{}", default);
        await _documents.PutTextAsync(RunPaths.ReportMarkdown("reported"), "# Report", default);
        await _documents.PutTextAsync(RunPaths.ReportHtml("reported"), "<h1>Report</h1>", default);
    }
}
