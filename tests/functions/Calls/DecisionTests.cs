using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class DecisionTests(EdgeWorld world)
{
    private const string Retry = """{"choice":"retry","reason":"it is night now"}""";

    [Fact]
    public async Task A_run_that_stopped_shows_what_can_be_decided()
    {
        await StopAsync("stopped-run");

        var run = await world.GetAsync("/api/migrations/stopped-run", People.Reader);

        Assert.Equal("waitingForDecision", run.Text("status"));
        Assert.Equal(
            """{"id":"stopped-run.d1","step":"sync","severity":"sev3","choices":["retry","abort"],"error":{"code":"MIG0110","detail":"too fast"}}""", run.Text("pendingDecision"));
    }

    [Fact]
    public async Task A_decision_reaches_the_run_with_who_took_it_and_why()
    {
        await StopAsync("decided");

        var reply = await world.PostAsync("/api/migrations/decided/decisions/decided.d1", People.Operator, Retry);

        Assert.Equal((202, "/api/migrations/decided"), (reply.Status, reply.Header("Location")));
        await NotedAsync("decided", "retry by oli@contoso.com for decided.d1: it is night now");
    }

    [Fact]
    public async Task The_first_decision_is_the_only_one_and_its_repetition_is_accepted_also_when_it_no_longer_waits()
    {
        await StopAsync("twice");
        var other = EdgeWorld.Token("pat@contoso.com", Roles.Operate);
        await world.PostAsync("/api/migrations/twice/decisions/twice.d1", People.Operator, Retry);

        var again = await world.PostAsync("/api/migrations/twice/decisions/twice.d1", People.Operator, Retry);
        var otherChoice = await world.PostAsync("/api/migrations/twice/decisions/twice.d1", People.Operator, """{"choice":"abort","reason":"no"}""");
        var otherPerson = await world.PostAsync("/api/migrations/twice/decisions/twice.d1", other, Retry);
        await world.SayAsync("twice", new RunState(RunStatus.Running, [], null, null, null, null, DateTimeOffset.UnixEpoch.AddSeconds(2)));
        var late = await world.PostAsync("/api/migrations/twice/decisions/twice.d1", People.Operator, Retry);

        Assert.Equal((202, 202), (again.Status, late.Status));
        Assert.All([otherChoice, otherPerson], reply => Assert.Equal((409, "MIG0332"), (reply.Status, reply.Code)));
        Assert.Contains("oli@contoso.com has decided already: retry", otherPerson.Text("detail"));
    }

    [Fact]
    public async Task A_decision_whose_call_broke_off_before_the_run_got_it_is_handed_on_by_the_next_call_of_whomever()
    {
        await StopAsync("broken-off");
        var kept = new DecisionAnswer("broken-off.d1", "pat@contoso.com", "abort", "enough", DateTimeOffset.UnixEpoch);
        await new RunDocuments(world.Documents).CreateAsync(RunPaths.Decision("broken-off", "broken-off.d1"), kept, default);

        var reply = await world.PostAsync("/api/migrations/broken-off/decisions/broken-off.d1", People.Operator, Retry);

        Assert.Equal((409, "MIG0332"), (reply.Status, reply.Code));
        await NotedAsync("broken-off", "abort by pat@contoso.com for broken-off.d1: enough");
    }

    [Theory]
    [InlineData("later-d", "later-d.d2", Retry, 409, "MIG0330")]
    [InlineData("elsewhere-d", "decided.d1", Retry, 409, "MIG0330")]
    [InlineData("padded-d", "padded-d.d01", Retry, 409, "MIG0330")]
    [InlineData("unoffered-d", "unoffered-d.d1", """{"choice":"skip","reason":"x"}""", 409, "MIG0331")]
    [InlineData("no-choice-d", "no-choice-d.d1", """{"choice":"maybe","reason":"x"}""", 400, "MIG0005")]
    [InlineData("no-reason-d", "no-reason-d.d1", """{"choice":"retry"}""", 400, "MIG0005")]
    [InlineData("blank-reason-d", "blank-reason-d.d1", """{"choice":"retry","reason":" "}""", 400, "MIG0005")]
    public async Task What_decides_nothing_is_refused_and_does_not_reach_the_run(string id, string decision, string body, int status, string code)
    {
        await StopAsync(id);

        var reply = await world.PostAsync($"/api/migrations/{id}/decisions/{decision}", People.Operator, body);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Empty((await world.Client.GetInstanceAsync(id, getInputsAndOutputs: true))!.ReadCustomStatusAs<RunState>()!.Steps);
        Assert.DoesNotContain(world.Documents.Paths, path => path.StartsWith($"runs/{id}/decisions/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_the_id_of_a_question_of_the_run_is_not_even_looked_up()
    {
        await StopAsync("looked-up");
        foreach (var decision in new[] { "looked-up.d01", "other.d1" })
        {
            var kept = new DecisionAnswer(decision, "oli@contoso.com", "retry", "x", DateTimeOffset.UnixEpoch);
            await new RunDocuments(world.Documents).CreateAsync(RunPaths.Decision("looked-up", decision), kept, default);

            var reply = await world.PostAsync($"/api/migrations/looked-up/decisions/{decision}", People.Operator, Retry);

            Assert.Equal((409, "MIG0330"), (reply.Status, reply.Code));
        }
    }

    [Fact]
    public async Task Each_fault_of_a_decision_is_named_with_its_pointer()
    {
        await StopAsync("faults-d");

        var reply = await world.PostAsync("/api/migrations/faults-d/decisions/faults-d.d1", People.Operator, """{"choice":"maybe","force":true}""");

        Assert.Equal(["/choice", "/force", "/reason"], reply.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_decision_in_a_run_that_there_is_not_and_by_who_may_only_read_is_refused()
    {
        await StopAsync("read-only-d");

        Assert.Equal(404, (await world.PostAsync("/api/migrations/nobody/decisions/nobody.d1", People.Operator, Retry)).Status);
        Assert.Equal(403, (await world.PostAsync("/api/migrations/read-only-d/decisions/read-only-d.d1", People.Reader, Retry)).Status);
        Assert.Equal(401, (await world.SendAsync(HttpMethod.Post, "/api/migrations/read-only-d/decisions/read-only-d.d1", token: null, content: null)).Status);
    }

    private async Task StopAsync(string id)
    {
        await world.StartRunAsync(id);
        var question = new PendingDecision($"{id}.d1", StepNames.Sync, "sev3", ["retry", "abort"], new DecisionError("MIG0110", "too fast"));
        await world.SayAsync(id, new RunState(RunStatus.WaitingForDecision, [], null, question, null, null, DateTimeOffset.UnixEpoch.AddSeconds(1)));
    }

    private Task NotedAsync(string id, string note) =>
        world.UntilAsync(id, instance => instance.ReadCustomStatusAs<RunState>()!.Steps.Any(step => step.Name == note));
}
