using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class ApprovalTests(EdgeWorld world)
{
    private const string Yes = """{"decision":"approve","digest":"sha256:aa","comment":"go"}""";

    [Fact]
    public async Task What_waits_for_an_answer_is_listed()
    {
        await AskAsync("listed");

        var list = await world.GetAsync("/api/approvals?status=pending", People.Ana);

        var approval = list.Json.GetProperty("value").EnumerateArray().Single(value => value.GetProperty("migration").GetString() == "listed");
        Assert.Equal("listed.1", approval.GetProperty("id").GetString());
        Assert.Equal("sha256:aa", approval.GetProperty("digest").GetString());
        Assert.Equal("""["ana@contoso.com","ben@contoso.com"]""", approval.GetProperty("approvers").ToString());
        Assert.Equal(400, (await world.GetAsync("/api/approvals?status=answered", People.Ana)).Status);
    }

    [Fact]
    public async Task An_answer_reaches_the_run_with_who_gave_it_to_what()
    {
        await AskAsync("answered");

        var reply = await world.PostAsync("/api/approvals/answered.1", People.Ana, Yes);

        Assert.Equal((202, "/api/migrations/answered"), (reply.Status, reply.Header("Location")));
        await world.UntilAsync("answered", instance => instance.ReadCustomStatusAs<RunState>()!.Steps.Any(step => step.Name == "approve by Ana@contoso.com for answered.1 sha256:aa go"));
    }

    [Theory]
    [InlineData("stranger", "eve@contoso.com", "MIG0022")]
    [InlineData("requester", "DEE@contoso.com", "MIG0023")]
    [InlineData("escalated-early", "cho@contoso.com", "MIG0022")]
    public async Task Who_may_not_approve_is_refused(string id, string person, string code)
    {
        await AskAsync(id, """["ana@contoso.com","ben@contoso.com","dee@contoso.com"]""");

        var reply = await world.PostAsync($"/api/approvals/{id}.1", EdgeWorld.Token(person, Roles.Approve), Yes);

        Assert.Equal((403, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Those_to_whom_it_escalates_may_answer_once_it_has()
    {
        await AskAsync("escalated", expiresIn: TimeSpan.FromHours(11));

        var reply = await world.PostAsync("/api/approvals/escalated.1", EdgeWorld.Token("cho@contoso.com", Roles.Approve), Yes);

        Assert.Equal(202, reply.Status);
    }

    [Theory]
    [InlineData("other-digest", "1", """{"decision":"approve","digest":"sha256:bb"}""", 409, "MIG0031")]
    [InlineData("later-question", "2", Yes, 409, "MIG0030")]
    [InlineData("no-number", "x", Yes, 404, "MIG0026")]
    [InlineData("maybe", "1", """{"decision":"maybe","digest":"sha256:aa"}""", 400, "MIG0005")]
    [InlineData("no-digest", "1", """{"decision":"approve"}""", 400, "MIG0005")]
    public async Task An_answer_to_something_else_does_not_count(string id, string number, string body, int status, string code)
    {
        await AskAsync(id);

        var reply = await world.PostAsync($"/api/approvals/{id}.{number}", People.Ana, body);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Empty((await world.Client.GetInstanceAsync(id, getInputsAndOutputs: true))!.ReadCustomStatusAs<RunState>()!.Steps);
    }

    [Fact]
    public async Task An_approval_that_has_expired_or_was_answered_takes_no_answer()
    {
        await AskAsync("expired", expiresIn: TimeSpan.FromSeconds(-1));
        await AskAsync("settled");
        await world.SayAsync("settled", new RunState(RunStatus.Rejected, [], null, null, null, null, DateTimeOffset.UnixEpoch));

        var expired = await world.PostAsync("/api/approvals/expired.1", People.Ana, Yes);
        var settled = await world.PostAsync("/api/approvals/settled.1", People.Ana, Yes);

        Assert.Equal((409, "MIG0030"), (expired.Status, expired.Code));
        Assert.Equal((409, "MIG0030"), (settled.Status, settled.Code));
    }

    [Fact]
    public async Task A_get_never_answers()
    {
        await AskAsync("scanned");

        var reply = await world.GetAsync("/api/approvals/scanned.1?decision=approve&digest=sha256:aa", People.Ana);

        Assert.Equal(404, reply.Status);
    }

    [Fact]
    public async Task A_run_that_asks_nobody_has_no_approvals()
    {
        await world.StartRunAsync("asks-nobody");

        var reply = await world.PostAsync("/api/approvals/asks-nobody.1", People.Ana, Yes);

        Assert.Equal((404, "MIG0026"), (reply.Status, reply.Code));
    }

    private async Task AskAsync(string id, string approvers = """["ana@contoso.com","ben@contoso.com"]""", TimeSpan? expiresIn = null)
    {
        var rules = $$"""{"approvers":{{approvers}},"timeout":"P1D","escalateTo":["cho@contoso.com"],"escalateAfter":"PT12H"}""";
        await world.StartRunAsync(id, Specs.LeastOf(id).Replace("\"none\"", rules));
        var pending = new PendingApproval($"{id}.1", "sha256:aa", TimeProvider.System.GetUtcNow() + (expiresIn ?? TimeSpan.FromHours(23)), 0, 1);
        await world.SayAsync(id, new RunState(RunStatus.WaitingForApproval, [], pending, null, null, null, DateTimeOffset.UnixEpoch.AddSeconds(1)));
    }
}
