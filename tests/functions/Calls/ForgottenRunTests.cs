using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

/// <summary>Runs that the engine no longer knows, because they were purged or its store was lost. Their documents are still there.</summary>
[Collection(EdgeCollection.Name)]
public sealed class ForgottenRunTests(EdgeWorld world)
{
    private const string Audit = """{"seq":1,"action":"requested"}""" + "\n";

    private readonly RunDocuments _documents = new(world.Documents);

    [Theory]
    [InlineData("purged-keyed", true)]
    [InlineData("purged-bare", false)]
    public async Task A_start_that_is_repeated_starts_nothing_and_leaves_the_first_life_s_documents_alone(string id, bool hasKey)
    {
        (string, string)[] key = hasKey ? [("Idempotency-Key", id)] : [];
        Assert.Equal(202, (await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf(id), key)).Status);
        await ForgetAsync(id, RunPaths.Audit(id), RunPaths.ReportJson(id));

        var again = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf(id), key);

        Assert.Equal((409, "MIG0035"), (again.Status, again.Code));
        Assert.Contains("Nothing was started", again.Text("detail"));
        Assert.Contains($"/api/migrations/{id}/report", again.Text("detail"));
        Assert.Contains($"/api/migrations/{id}/audit", again.Text("detail"));
        Assert.Null(await world.Client.GetInstanceAsync(id));
        Assert.Equal(Audit, (await _documents.ReadRawAsync(RunPaths.Audit(id), default))!.ToString());
    }

    [Fact]
    public async Task A_repeated_start_is_refused_too_when_only_a_plan_tells_that_it_had_begun()
    {
        await world.StartRunAsync("only-plan");
        await ForgetAsync("only-plan", RunPaths.Plan("only-plan"));

        var again = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("only-plan"));

        Assert.Equal((409, "MIG0035"), (again.Status, again.Code));
        Assert.Contains("no report", again.Text("detail"));
    }

    [Fact]
    public async Task Another_start_under_its_id_is_refused_too_and_one_with_its_key_as_if_the_run_were_known()
    {
        await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("other-body"), ("Idempotency-Key", "other-body"));
        await ForgetAsync("other-body", RunPaths.Audit("other-body"));

        var keyed = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("other-body") + " ", ("Idempotency-Key", "other-body"));
        var bare = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("other-body") + " ");

        Assert.Equal((422, "MIG0028"), (keyed.Status, keyed.Code));
        Assert.Equal((409, "MIG0035"), (bare.Status, bare.Code));
        Assert.Null(await world.Client.GetInstanceAsync("other-body"));
    }

    [Fact]
    public async Task An_id_under_which_a_run_left_its_audit_log_is_not_used_again_though_nobody_holds_it()
    {
        await _documents.PutTextAsync(RunPaths.Audit("no-record"), Audit, default);

        var reply = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("no-record"));

        Assert.Equal((409, "MIG0035"), (reply.Status, reply.Code));
        Assert.Null(await world.Client.GetInstanceAsync("no-record"));
        Assert.DoesNotContain(StartRecord.Path("no-record"), world.Documents.Paths);
    }

    [Fact]
    public async Task What_asks_for_the_run_or_something_of_it_is_told_what_is_known()
    {
        await world.StartRunAsync("asked");
        await ForgetAsync("asked", RunPaths.Audit("asked"));
        const string reason = """{"reason":"why not"}""";

        Reply[] replies =
        [
            await world.GetAsync("/api/migrations/asked", People.Reader),
            await world.GetAsync("/api/migrations/asked?wait=PT5S", People.Reader),
            await world.PostAsync("/api/migrations/asked/rollback", People.Operator, reason),
            await world.PostAsync("/api/migrations/asked/cancel", People.Operator, reason),
            await world.PostAsync("/api/migrations/asked/pause", People.Operator, reason),
            await world.PostAsync("/api/migrations/asked/throttle", People.Operator, reason),
            await world.PostAsync("/api/migrations/asked/decisions/asked.d1", People.Operator, """{"choice":"retry","reason":"why not"}"""),
            await world.PostAsync("/api/approvals/asked.1", People.Ana, """{"decision":"approve","digest":"sha256:aa"}"""),
        ];

        Assert.All(replies, reply =>
        {
            Assert.Equal((404, "MIG0035"), (reply.Status, reply.Code));
            Assert.Contains("/api/migrations/asked/audit", reply.Text("detail"));
            Assert.Contains(DateTimeOffset.UtcNow.Year.ToString(System.Globalization.CultureInfo.InvariantCulture), reply.Text("detail"));
        });
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("plan")]
    [InlineData("report")]
    public async Task Its_documents_are_shown_to_whoever_may_read_runs_and_one_that_it_did_not_leave_is_not_waited_for(string document)
    {
        var (full, bare) = ($"left-{document}", $"left-no-{document}");
        Dictionary<string, Func<string, string>> paths = new() { ["audit"] = RunPaths.Audit, ["plan"] = RunPaths.Plan, ["report"] = RunPaths.ReportJson };
        await world.StartRunAsync(full);
        await world.StartRunAsync(bare);
        await ForgetAsync(full, paths[document](full));
        await ForgetAsync(bare, [.. paths.Where(path => path.Key != document).Select(path => path.Value(bare))]);

        var shown = await world.GetAsync($"/api/migrations/{full}/{document}", People.Reader);
        var none = await world.GetAsync($"/api/migrations/{bare}/{document}", People.Reader);
        var starter = await world.GetAsync($"/api/migrations/{full}/{document}", People.Starter);

        Assert.Equal((200, Audit), (shown.Status, shown.Body));
        Assert.Equal((404, "MIG0035"), (none.Status, none.Code));
        Assert.Equal((403, "MIG0021"), (starter.Status, starter.Code));
    }

    [Fact]
    public async Task A_start_that_never_ran_is_no_run()
    {
        await _documents.CreateAsync(StartRecord.Path("never-ran"), new StartRecord("never-ran", "dee@contoso.com", DateTimeOffset.UnixEpoch, "", null), default);

        var reply = await world.GetAsync("/api/migrations/never-ran", People.Reader);

        Assert.Equal((404, "MIG0024"), (reply.Status, reply.Code));
    }

    // The run is there no more, and these documents are what it wrote.
    private async Task ForgetAsync(string id, params string[] paths)
    {
        await world.Client.WaitForInstanceStartAsync(id);
        foreach (var path in paths)
            await _documents.PutTextAsync(path, Audit, default);
        await world.Client.TerminateInstanceAsync(id);
        await world.Client.WaitForInstanceCompletionAsync(id);
        Assert.Equal(1, (await world.Client.PurgeInstanceAsync(id)).PurgedInstanceCount);
    }
}
