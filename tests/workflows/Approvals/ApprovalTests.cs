using Orchestrator.Workflows.Approvals;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Approvals;

public sealed class ApprovalTests(Azurite azurite) : IClassFixture<Azurite>
{
    private static readonly ApprovalSpec Two = new() { Approvers = ["ana@contoso.com", "ben@contoso.com", "dee@contoso.com"], Quorum = 2 };

    [Fact]
    public async Task Only_different_approvers_who_saw_what_stands_now_count()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Approval = Two });
        var asked = await world.UntilAsync("shop-v2", r => r.PendingApproval is not null);
        var question = asked.PendingApproval!;

        await AnswerAsync(world, question, "ana@contoso.com", digest: "sha256:other");
        await AnswerAsync(world, question, "dee@contoso.com");
        await AnswerAsync(world, question, "eve@contoso.com");
        await AnswerAsync(world, question, "ana@contoso.com");
        await AnswerAsync(world, question, "Ana@contoso.com");
        var one = await world.UntilAsync("shop-v2", r => r.PendingApproval?.Approvals == 1);
        Assert.Equal(RunStatus.WaitingForApproval, one.Status);
        await AnswerAsync(world, question, "ben@contoso.com");
        var run = await world.EndAsync("shop-v2");

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal(3, (await world.BackupAsync("audit.jsonl")).Split("answerRefused").Length - 1);
    }

    [Fact]
    public async Task A_rejection_undoes_everything()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Approval = Two });
        var asked = await world.UntilAsync("shop-v2", r => r.PendingApproval is not null);

        await AnswerAsync(world, asked.PendingApproval!, "ben@contoso.com", ApprovalAnswer.Reject);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal((RunStatus.Rejected, ApprovalCodes.Rejected), (run.Status, run.Failure?.Code));
        Assert.DoesNotContain("\"action\":\"stepSucceeded\",\"detail\":\"approve\"", await world.BackupAsync("audit.jsonl"), StringComparison.Ordinal);
        Assert.Contains("\"action\":\"stepRefused\",\"detail\":\"approve: ", await world.BackupAsync("audit.jsonl"), StringComparison.Ordinal);
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.False(await world.SlotExistsAsync());
        Assert.False(await world.Target.ExistsAsync());
    }

    [Fact]
    public async Task Silence_is_a_no()
    {
        await using var world = await World.StartAsync(azurite);

        var run = await world.MigrateAsync(world.Spec() with { Approval = Two with { Timeout = TimeSpan.FromMilliseconds(300) } });

        Assert.Equal((RunStatus.Rejected, ApprovalCodes.Expired), (run.Status, run.Failure?.Code));
        Assert.False(await world.SlotExistsAsync());
    }

    [Fact]
    public async Task A_verification_that_grew_stale_while_people_thought_is_made_again_and_asked_again()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec() with { Approval = Two with { Quorum = 1 } };
        await world.StartRunAsync(spec with { Verify = spec.Verify with { StaleAfter = TimeSpan.FromMilliseconds(1) } });
        var first = (await world.UntilAsync("shop-v2", r => r.PendingApproval is not null)).PendingApproval!;

        await AnswerAsync(world, first, "ana@contoso.com");
        var second = (await world.UntilAsync("shop-v2", r => r.PendingApproval is { } p && p.Id != first.Id)).PendingApproval!;
        await AnswerAsync(world, second, "ana@contoso.com", ApprovalAnswer.Reject);
        var run = await world.EndAsync("shop-v2");

        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Equal(RunStatus.Rejected, run.Status);
    }

    [Fact]
    public async Task A_cancellation_while_people_are_asked_undoes_everything()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Approval = Two });
        await world.UntilAsync("shop-v2", r => r.PendingApproval is not null);

        await world.Client.RaiseEventAsync("shop-v2", RunEvents.Cancel, new CancelRequest("dee@contoso.com", "wrong package", DateTimeOffset.UtcNow));
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.False(await world.SlotExistsAsync());
        Assert.Contains("wrong package", await world.BackupAsync("report.md"), StringComparison.Ordinal);
    }

    private static Task AnswerAsync(World world, PendingApproval question, string person, string decision = ApprovalAnswer.Approve, string? digest = null) =>
        world.Client.RaiseEventAsync("shop-v2", RunEvents.Approval, new ApprovalAnswer(question.Id, person, decision, "seen", digest ?? question.Digest, DateTimeOffset.UtcNow));
}
