using DurableTask.Core.Exceptions;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class CommitLoopTests
{
    [Fact]
    public async Task Writes_that_are_refused_do_not_repeat_the_others_of_their_group()
    {
        await using var engine = await TestEngine.StartAsync(_ => { });
        var commits = engine.Engine.Parts.Commits;
        var busy = new ManualResetEventSlim();
        var first = commits.WriteAsync(_ => true, _ => busy.Wait(TimeSpan.FromSeconds(20)));
        var applied = 0;

        var accepted = commits.WriteAsync(writer =>
        {
            applied++;
            return writer.HandOver();
        });
        var refused = Enumerable.Range(0, 100).Select(_ => commits.WriteAsync<bool>(_ => throw new OrchestrationAlreadyExistsException("taken"))).ToList();
        busy.Set();

        await first;
        Assert.Equal(1, await accepted);
        foreach (var refusal in refused)
            await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => refusal);
        Assert.Equal(1, applied);
    }

    [Fact]
    public async Task A_write_that_breaks_off_half_way_leaves_nothing()
    {
        await using var engine = await TestEngine.StartAsync(_ => { });
        var commits = engine.Engine.Parts.Commits;

        await Assert.ThrowsAsync<InvalidOperationException>(() => commits.WriteAsync<bool>(writer =>
        {
            writer.HandOver();
            throw new InvalidOperationException("half way");
        }));

        Assert.Null(engine.Engine.Parts.Database.Read(sql => sql.Scalar("SELECT Value FROM Engine WHERE Key = 'stopped'")));
    }
}
