using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class ThrottleMigrationTests(EdgeWorld world)
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private static RunState State(string status, params StepState[] steps) => new(status, steps, null, null, null, null, Then);

    private Task<Reply> ThrottleAsync(string id, string body) => world.PostAsync($"/api/migrations/{id}/throttle", People.Operator, body);

    [Fact]
    public async Task A_throttle_is_kept_for_the_run_shown_with_it_and_stands_in_the_audit_log_with_who_and_why()
    {
        await SyncingAsync("held-back");

        var reply = await ThrottleAsync("held-back", """{"reason":"shop is slow","objectsPerSecond":50,"bytesPerSecond":10485760}""");

        Assert.Equal((202, "/api/migrations/held-back"), (reply.Status, reply.Header("Location")));
        Assert.Equal("""{"objectsPerSecond":50,"bytesPerSecond":10485760}""", reply.Text("throttle"));
        var kept = await ReadAsync("held-back");
        Assert.Equal((50, 10485760, "oli@contoso.com", "shop is slow"), (kept.ObjectsPerSecond, kept.BytesPerSecond, kept.Person, kept.Reason));
        var line = Assert.Single(await AuditAsync("held-back"));
        Assert.Contains("\"actor\":\"oli@contoso.com\",\"action\":\"throttled\",\"detail\":\"50 objects and 10485760 bytes a second: shop is slow\"", line);
    }

    [Theory]
    [InlineData("objects", """{"reason":"r","objectsPerSecond":1}""", """{"objectsPerSecond":1}""")]
    [InlineData("bytes", """{"reason":"r","bytesPerSecond":65536}""", """{"bytesPerSecond":65536}""")]
    public async Task One_rate_alone_leaves_the_other_unlimited(string id, string body, string shown)
    {
        await SyncingAsync($"by-{id}");

        var reply = await ThrottleAsync($"by-{id}", body);

        Assert.Equal(shown, reply.Text("throttle"));
    }

    [Fact]
    public async Task A_throttle_without_a_rate_lifts_the_one_before_and_both_are_audited()
    {
        await SyncingAsync("lifted");
        await ThrottleAsync("lifted", """{"reason":"shop is slow","objectsPerSecond":50}""");

        var reply = await ThrottleAsync("lifted", """{"reason":"it is night"}""");

        Assert.Equal((202, null), (reply.Status, reply.Text("throttle")));
        Assert.True((await ReadAsync("lifted")).IsLifted);
        Assert.Contains("as fast as it can: it is night", (await AuditAsync("lifted"))[1]);
    }

    [Theory]
    [InlineData("ended", RunStatus.Rejected, StepNames.Approve, StepStatus.Failed)]
    [InlineData("undoing", RunStatus.Compensating, StepNames.Sync, StepStatus.Failed)]
    [InlineData("verified", RunStatus.WaitingForApproval, StepNames.Verify, StepStatus.Succeeded)]
    [InlineData("cut-over", RunStatus.Running, StepNames.CutOver, StepStatus.Running)]
    public async Task A_run_with_nothing_to_hold_back_says_so_and_nothing_is_audited(string id, string status, string step, string stepStatus)
    {
        await world.StartRunAsync($"done-{id}");
        await world.SayAsync($"done-{id}", State(status, new StepState(step, stepStatus)));

        var reply = await ThrottleAsync($"done-{id}", """{"reason":"too late","objectsPerSecond":50}""");

        Assert.Equal((409, "MIG0029"), (reply.Status, reply.Code));
        Assert.Null(await world.Documents.ReadAsync(RunPaths.Throttle($"done-{id}"), default));
        Assert.Null(await world.Documents.ReadAsync(RunPaths.Audit($"done-{id}"), default));
    }

    [Theory]
    [InlineData("{}", "/reason MIG0009")]
    [InlineData("""{"reason":"r","objectsPerSecond":0}""", "/objectsPerSecond MIG0010")]
    [InlineData("""{"reason":"r","bytesPerSecond":65535}""", "/bytesPerSecond MIG0010")]
    [InlineData("""{"reason":"r","objectsPerSecond":"fifty"}""", "/objectsPerSecond MIG0008")]
    [InlineData("""{"reason":"r","objectsPerSecond":null}""", "/objectsPerSecond MIG0008")]
    [InlineData("""{"reason":"r","requestsPerSecond":5}""", "/requestsPerSecond MIG0006")]
    public async Task A_throttle_that_says_it_wrongly_is_refused(string body, string fault)
    {
        var id = $"wrong-{body.Length}";
        await SyncingAsync(id);

        var reply = await ThrottleAsync(id, body);

        var error = reply.Json.GetProperty("errors")[0];
        Assert.Equal((400, fault), (reply.Status, $"{error.GetProperty("pointer")} {error.GetProperty("code")}"));
    }

    [Fact]
    public async Task Only_an_operator_throttles()
    {
        await SyncingAsync("guarded");

        var reply = await world.PostAsync("/api/migrations/guarded/throttle", People.Reader, """{"reason":"r"}""");

        Assert.Equal(403, reply.Status);
    }

    [Fact]
    public async Task A_run_that_has_ended_shows_no_throttle()
    {
        await SyncingAsync("over");
        await ThrottleAsync("over", """{"reason":"r","objectsPerSecond":50}""");
        await world.SayAsync("over", State(RunStatus.Succeeded, new StepState(StepNames.Sync, StepStatus.Succeeded)) with { UpdatedAt = Then.AddSeconds(1) });

        var reply = await world.GetAsync("/api/migrations/over", People.Reader);

        Assert.Equal((200, null), (reply.Status, reply.Text("throttle")));
    }

    private async Task SyncingAsync(string id)
    {
        await world.StartRunAsync(id);
        await world.SayAsync(id, State(RunStatus.Running, new StepState(StepNames.Sync, StepStatus.Running), new StepState(StepNames.Verify, StepStatus.Pending)));
    }

    private async Task<SyncThrottle> ReadAsync(string id) => (await new RunDocuments(world.Documents).ReadAsync<SyncThrottle>(RunPaths.Throttle(id), default))!;

    private async Task<string[]> AuditAsync(string id) =>
        (await world.Documents.ReadAsync(RunPaths.Audit(id), default))!.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
