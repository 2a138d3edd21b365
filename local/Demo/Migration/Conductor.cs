using System.Text.Json.Nodes;

namespace Orchestrator.Local.Demo.Migration;

/// <summary>Starts the migration as one person, answers its approval as another, and follows it to its end; a third rolls it back.</summary>
internal sealed class Conductor(MigrationApi api, Killer killer, DemoOptions options, StepBoard board)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private string? _answered;

    public Task<Run> RunAsync(JsonObject spec, CancellationToken cancellationToken) =>
        FollowAsync(limit => api.StartAsync(spec, Tokens.Dee, limit), run => run.HasEnded, cancellationToken);

    /// <summary>Of a run that has succeeded: until it has gone back, or says why it does not.</summary>
    public Task<Run> RollBackAsync(Run run, CancellationToken cancellationToken) => FollowAsync(
        async limit =>
        {
            await api.RollBackAsync(run.Id, "customers do not find the till", Tokens.Oli, limit);
            return run;
        },
        seen => seen.Status is "rolledBack" or "failed" || seen.Rollback?.Refused is not null,
        cancellationToken);

    private async Task<Run> FollowAsync(Func<CancellationToken, Task<Run>> begin, Func<Run, bool> ends, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await board.ShowAsync(async show =>
            {
                var run = await begin(limit.Token);
                while (true)
                {
                    show(run);
                    await killer.LookAsync(run, limit.Token);
                    await AnswerAsync(run, limit.Token);
                    if (run.PendingDecision is { } decision)
                    {
                        throw new DemoException($"The run asks for a decision at {decision.Step}: {decision.Error?.Code} {decision.Error?.Detail}");
                    }

                    if (ends(run))
                    {
                        return run;
                    }

                    if (killer.Watches)
                    {
                        await Task.Delay(Glance, limit.Token);
                    }

                    run = await api.GetAsync(run, killer.Watches ? TimeSpan.Zero : Wait, limit.Token);
                }
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoException($"The run did not end within {Limit.TotalMinutes} minutes.");
        }
    }

    private async Task AnswerAsync(Run run, CancellationToken cancellationToken)
    {
        if (run.PendingApproval is not { } question || _answered == question.Id + question.Digest)
        {
            return;
        }

        var (decision, comment) = options.Reject ? ("reject", "not today") : ("approve", "checked plan and verification");
        await api.AnswerAsync(question, decision, comment, Tokens.Ben, cancellationToken);
        _answered = question.Id + question.Digest;
    }
}
