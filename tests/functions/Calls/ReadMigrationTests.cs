using System.Diagnostics;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class ReadMigrationTests(EdgeWorld world)
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private static RunState State(string status, DateTimeOffset at, params StepState[] steps) => new(status, steps, null, null, null, null, at);

    [Fact]
    public async Task A_run_shows_what_its_orchestrator_tells()
    {
        await world.StartRunAsync("told");
        await world.SayAsync("told", State(RunStatus.Watching, Then, new StepState(StepNames.Plan, StepStatus.Succeeded, Then, Then)) with
        {
            Figures = new Figures { FailedRequests = 0, WritePauseMs = 412 },
            Verification = new VerificationState(1, Then, Then.AddHours(4), ObjectsCompared: 12, Mismatches: 0, Repaired: 2),
        });

        var run = await world.GetAsync("/api/migrations/told", People.Reader);

        Assert.Equal("watching", run.Text("status"));
        Assert.Equal("2026-11-21T06:00:00Z", run.Text("updatedAt"));
        Assert.Equal("""[{"name":"plan","status":"succeeded","startedAt":"2026-11-21T06:00:00Z","endedAt":"2026-11-21T06:00:00Z"}]""", run.Text("steps"));
        Assert.Equal("""{"failedRequests":0,"writePauseMs":412}""", run.Text("figures"));
        Assert.Equal(
            """{"round":1,"at":"2026-11-21T06:00:00Z","staleAt":"2026-11-21T10:00:00Z","objectsCompared":12,"mismatches":0,"repaired":2}""", run.Text("verification"));
        Assert.Equal("/api/migrations/told/report", run.Json.GetProperty("links").GetProperty("report").GetString());
    }

    [Fact]
    public async Task A_run_whose_undo_is_incomplete_shows_what_is_left_behind_and_no_other_has_the_member()
    {
        await world.StartRunAsync("left");
        await world.StartRunAsync("clean");
        await world.SayAsync("left", State(RunStatus.Failed, Then) with { LeftBehind = [new LeftBehind("RemoveSlot", "MIG0108", "no role")] });
        await world.SayAsync("clean", State(RunStatus.Compensated, Then));

        var left = await world.GetAsync("/api/migrations/left", People.Reader);
        var clean = await world.GetAsync("/api/migrations/clean", People.Reader);

        Assert.Equal("""[{"undo":"RemoveSlot","code":"MIG0108","detail":"no role"}]""", left.Text("leftBehind"));
        Assert.Null(clean.Text("leftBehind"));
    }

    [Fact]
    public async Task A_running_step_shows_the_progress_of_its_own_instance()
    {
        await world.StartRunAsync("progress");
        await world.ScheduleAsync(nameof(FakeStep), new StepProgress(1200, 5000, 9_000_000, 40_000_000, 42), "progress:sync");
        await world.UntilAsync("progress:sync", instance => instance.SerializedCustomStatus is not null);
        await world.SayAsync("progress", State(RunStatus.Running, Then, new StepState(StepNames.Sync, StepStatus.Running, Then)));

        var run = await world.GetAsync("/api/migrations/progress", People.Reader);
        var child = await world.GetAsync("/api/migrations/progress:sync", People.Reader);

        Assert.Equal("""{"done":1200,"total":5000,"bytesDone":9000000,"bytesTotal":40000000,"etaSeconds":42}""", run.Json.GetProperty("steps")[0].GetProperty("progress").ToString());
        Assert.Equal((404, "MIG0024"), (child.Status, child.Code));
    }

    [Fact]
    public async Task What_a_batch_tells_while_it_runs_is_shown_and_what_its_step_tells_where_that_is_further()
    {
        await world.StartRunAsync("batches");
        await world.ScheduleAsync(nameof(FakeStep), new StepProgress(500, 5000, 500, 5000, 9), "batches:sync");
        await world.UntilAsync("batches:sync", instance => instance.SerializedCustomStatus is not null);
        await TellAsync("batches", StepNames.Sync, done: 700);
        await TellAsync("batches", StepNames.Verify, done: 20);
        await world.SayAsync("batches", State(RunStatus.Running, Then, new StepState(StepNames.Sync, StepStatus.Running, Then), new StepState(StepNames.Verify, StepStatus.Running, Then)));

        var told = await world.GetAsync("/api/migrations/batches", People.Reader);
        await TellAsync("batches", StepNames.Sync, done: 300);
        var behind = await ReadUntilAsync("batches", told, 500);

        Assert.Equal(
            """{"done":700,"total":5000,"bytesDone":7000,"bytesTotal":50000,"etaSeconds":86,"objectsPerSecond":50,"bytesPerSecond":500}""",
            told.Json.GetProperty("steps")[0].GetProperty("progress").ToString());
        Assert.Equal(20, told.Json.GetProperty("steps")[1].GetProperty("progress").GetProperty("done").GetInt64());
        Assert.Equal(500, behind.Json.GetProperty("steps")[0].GetProperty("progress").GetProperty("done").GetInt64());
    }

    [Fact]
    public async Task Progress_changes_a_run_at_most_once_a_second()
    {
        await world.StartRunAsync("paced");
        await TellAsync("paced", StepNames.Sync, done: 1);
        await world.SayAsync("paced", State(RunStatus.Running, Then, new StepState(StepNames.Sync, StepStatus.Running, Then)));
        var first = await world.GetAsync("/api/migrations/paced", People.Reader);
        var clock = Stopwatch.StartNew();

        await TellAsync("paced", StepNames.Sync, done: 2);
        var same = await world.GetAsync("/api/migrations/paced", People.Reader, ("If-None-Match", first.Header("ETag")!));
        var wasAtOnce = clock.Elapsed < TimeSpan.FromSeconds(0.9);
        var changed = await world.GetAsync("/api/migrations/paced?wait=PT20S", People.Reader, ("If-None-Match", first.Header("ETag")!));

        // On a machine that is too busy to ask twice within the second there is nothing to see.
        Assert.True(same.Status == 304 || !wasAtOnce, $"answered {same.Status} after {clock.Elapsed}");
        Assert.Equal(2, changed.Json.GetProperty("steps")[0].GetProperty("progress").GetProperty("done").GetInt64());
    }

    [Fact]
    public async Task A_run_is_shown_though_its_progress_cannot_be_read()
    {
        await world.StartRunAsync("unread");
        await world.SayAsync("unread", State(RunStatus.Running, Then, new StepState(StepNames.Sync, StepStatus.Running, Then)));
        world.Documents.Broken = new IOException("the store is away");
        try
        {
            var reply = await world.GetAsync("/api/migrations/unread", People.Reader);

            Assert.Equal((200, "running"), (reply.Status, reply.Text("status")));
        }
        finally
        {
            world.Documents.Broken = null;
        }
    }

    private Task TellAsync(string id, string step, long done) => new RunDocuments(world.Documents).PutAsync(
        RunPaths.Progress(id, step),
        new ProgressDocument(1, 5000, 50_000, new Dictionary<string, PartProgress> { ["orders"] = new(1, done, done * 10, Then, 50, 500) }),
        default);

    private async Task<Reply> ReadUntilAsync(string id, Reply known, long done)
    {
        var reply = known;
        while (reply.Json.GetProperty("steps")[0].GetProperty("progress").GetProperty("done").GetInt64() != done)
            reply = await world.GetAsync($"/api/migrations/{id}?wait=PT20S", People.Reader, ("If-None-Match", reply.Header("ETag")!));
        return reply;
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("Upper")]
    [InlineData("%20")]
    [InlineData("..%2f..%2fetc")]
    public async Task A_run_that_there_is_not_is_not_found(string id)
    {
        var reply = await world.GetAsync($"/api/migrations/{id}", People.Reader);

        Assert.Equal(404, reply.Status);
    }

    [Fact]
    public async Task A_known_etag_is_answered_without_a_body()
    {
        await world.StartRunAsync("etag");
        await world.SayAsync("etag", State(RunStatus.Running, Then));
        var first = await world.GetAsync("/api/migrations/etag", People.Reader);

        var same = await world.GetAsync("/api/migrations/etag", People.Reader, ("If-None-Match", first.Header("ETag")!));
        await world.SayAsync("etag", State(RunStatus.Running, Then.AddSeconds(1)));
        var changed = await world.GetAsync("/api/migrations/etag", People.Reader, ("If-None-Match", first.Header("ETag")!));

        Assert.Equal((304, "", first.Header("ETag")), (same.Status, same.Body, same.Header("ETag")));
        Assert.Equal(200, changed.Status);
        Assert.NotEqual(first.Header("ETag"), changed.Header("ETag"));
    }

    [Fact]
    public async Task A_wait_ends_when_the_run_changes()
    {
        await world.StartRunAsync("waited");
        await world.SayAsync("waited", State(RunStatus.Running, Then));
        // Named, so that a change before the wait has begun ends it too.
        var tag = (await world.GetAsync("/api/migrations/waited", People.Reader)).Header("ETag")!;
        var clock = Stopwatch.StartNew();

        var waiting = world.GetAsync("/api/migrations/waited?wait=PT30S", People.Reader, ("If-None-Match", tag));
        await world.SayAsync("waited", State(RunStatus.Watching, Then.AddSeconds(1)));
        var reply = await waiting;

        Assert.Equal((200, "watching"), (reply.Status, reply.Text("status")));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_wait_ends_when_the_time_is_up_or_the_run_has_ended()
    {
        await world.StartRunAsync("patient");
        await world.SayAsync("patient", State(RunStatus.Running, Then));
        var tag = (await world.GetAsync("/api/migrations/patient", People.Reader)).Header("ETag")!;

        var unchanged = await world.GetAsync("/api/migrations/patient?wait=PT0.3S", People.Reader);
        var known = await world.GetAsync("/api/migrations/patient?wait=PT0.3S", People.Reader, ("If-None-Match", tag));
        await world.SayAsync("patient", State(RunStatus.Succeeded, Then.AddSeconds(1)));
        await world.Client.WaitForInstanceCompletionAsync("patient");
        var clock = Stopwatch.StartNew();
        var ended = await world.GetAsync("/api/migrations/patient?wait=PT60S", People.Reader);

        Assert.Equal((200, 304), (unchanged.Status, known.Status));
        Assert.Equal("succeeded", ended.Text("status"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("wait=20")]
    [InlineData("wait=")]
    [InlineData("wait=PT1S&wait=PT2S")]
    public async Task A_wait_that_is_no_duration_is_refused(string query)
    {
        await world.StartRunAsync($"wait-{Math.Abs(query.Length)}-x");

        var reply = await world.GetAsync($"/api/migrations/wait-{Math.Abs(query.Length)}-x?{query}", People.Reader);

        Assert.Equal((400, "MIG0032"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_run_whose_orchestrator_broke_has_failed_and_tells_no_secret()
    {
        await world.StartRunAsync("broke");
        await world.SayAsync("broke", State(RunStatus.Running, Then, new StepState(StepNames.Provision, StepStatus.Running, Then)));
        await world.Client.RaiseEventAsync("broke", FakeMigration.Say, State("broken", Then));
        await world.Client.WaitForInstanceCompletionAsync("broke");

        var run = await world.GetAsync("/api/migrations/broke", People.Reader);

        Assert.Equal("failed", run.Text("status"));
        Assert.Equal(("provision", "MIG0777"), (run.Json.GetProperty("failure").GetProperty("step").GetString(), run.Json.GetProperty("failure").GetProperty("code").GetString()));
        Assert.DoesNotContain("secret", run.Body);
    }

    [Fact]
    public async Task A_run_that_was_terminated_has_failed()
    {
        await world.StartRunAsync("stopped");
        await world.Client.TerminateInstanceAsync("stopped");
        await world.Client.WaitForInstanceCompletionAsync("stopped");

        Assert.Equal("failed", (await world.GetAsync("/api/migrations/stopped", People.Reader)).Text("status"));
    }

    [Fact]
    public async Task A_run_that_is_suspended_is_paused()
    {
        await world.StartRunAsync("suspended");
        await world.Client.SuspendInstanceAsync("suspended");
        await world.UntilAsync("suspended", instance => instance.RuntimeStatus == Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Suspended);

        Assert.Equal("paused", (await world.GetAsync("/api/migrations/suspended", People.Reader)).Text("status"));
    }
}
