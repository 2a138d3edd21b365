using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>Whoever starts an instance and does to it what one can do, and then compares what became of it with the model.</summary>
internal sealed class SimulatedClient(SimulatedWorld world, PlanMaker maker, string id)
{
    private static readonly OrchestrationRuntimeStatus[] All = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    private Plan plan = null!;
    private string incarnation = "";
    private int unsureEvents;
    private bool terminates;
    private bool terminatesRecursively;
    private bool isTerminated;

    /// <summary>Sub-orchestrations may have been left running.</summary>
    public bool LeavesOrphans { get; private set; }

    public async Task RunAsync()
    {
        var rounds = world.OneIn(3) ? 2 : 1;
        for (var round = 1; round <= rounds; round++)
        {
            terminates = world.OneIn(3);
            plan = maker.Make(mayHang: terminates);
            unsureEvents = 0;
            isTerminated = false;
            await StartAsync(rivals: round == 1 && world.OneIn(4) ? 3 : 1);
            var others = new List<Task> { world.Start(SwitchAsync) };
            others.AddRange(plan.ClientEvents().Select(events => world.Start(() => SendAsync(events.Key, events.Value))));
            if (terminates)
                others.Add(world.Start(TerminateAsync));
            var end = world.Start(CheckEndAsync);
            await Task.WhenAll([.. others, end]);
            if (!plan.Hangs && !terminates && world.OneIn(3))
                await PurgeAsync();
        }
    }

    /// <summary>Of several starts at once one wins.</summary>
    private async Task StartAsync(int rivals)
    {
        var startAt = world.OneIn(3) ? world.Clock.GetUtcNow().AddSeconds(world.Random.Next(60)) : (DateTimeOffset?)null;
        var won = new List<string>();
        await Task.WhenAll(Enumerable.Range(0, rivals).Select(rival => world.Start(async () =>
        {
            var mine = $"{plan.Id}-{rival}";
            if (await StartAsync(mine, startAt, once: rivals > 1))
                won.Add(mine);
        })));
        incarnation = Assert.Single(won);
    }

    private async Task<bool> StartAsync(string mine, DateTimeOffset? startAt, bool once)
    {
        var run = new PlanRun(plan, mine, 0, "", 0, []);
        var options = once ? new StartOrchestrationOptions(id, startAt).WithDedupeStatuses(All) : new StartOrchestrationOptions(id, startAt);
        var isUnsure = false;
        return await world.CallAsync(
            $"start {id} as {mine}",
            async client =>
            {
                var there = await client.GetInstanceAsync(id, getInputsAndOutputs: true);
                // The call before may have been accepted, and a finished one would be replaced.
                if (there?.ReadInputAs<PlanRun>()!.Plan.Id == plan.Id)
                    return isUnsure && there.ReadInputAs<PlanRun>()!.Incarnation == mine;
                try
                {
                    await client.ScheduleNewOrchestrationInstanceAsync(PlanOrchestrator.Name, run, options);
                    return true;
                }
                catch (OrchestrationAlreadyExistsException)
                {
                    Assert.Equal(plan.Id, (await client.GetInstanceAsync(id, getInputsAndOutputs: true))!.ReadInputAs<PlanRun>()!.Plan.Id);
                    return false;
                }
            },
            () => isUnsure = true);
    }

    private async Task SendAsync(string name, int count)
    {
        var extra = world.OneIn(3) ? world.Random.Next(3) : 0;
        for (var number = 1; number <= count + extra; number++)
        {
            var sent = number;
            await PauseAsync();
            var written = world.OneIn(2) ? name : name.ToUpperInvariant();
            await world.CallAsync($"send {id} {name} {sent}", client => Done(client.RaiseEventAsync(id, written, sent)), () => unsureEvents++);
        }
    }

    private async Task SwitchAsync()
    {
        for (var left = world.OneIn(2) ? world.Random.Next(1, 4) : 0; left > 0; left--)
        {
            await PauseAsync();
            await world.CallAsync($"suspend {id}", client => Done(client.SuspendInstanceAsync(id, "a pause")));
            await PauseAsync();
            await world.CallAsync($"resume {id}", client => Done(client.ResumeInstanceAsync(id, "go on")));
        }
    }

    private async Task TerminateAsync()
    {
        terminatesRecursively = world.OneIn(2);
        LeavesOrphans |= !terminatesRecursively;
        for (var pauses = world.Random.Next(6); pauses > 0; pauses--)
            await PauseAsync();
        var options = new TerminateInstanceOptions("enough", terminatesRecursively);
        await world.CallAsync($"terminate {id}", client => Done(client.TerminateInstanceAsync(id, options)));
        isTerminated = true;
    }

    private async Task CheckEndAsync()
    {
        var end = await world.CallAsync($"wait for {id}", client => client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true));
        world.Tell($"{id} ended {end.RuntimeStatus} {end.SerializedOutput}");
        Assert.Equal(incarnation, end.ReadInputAs<PlanRun>()!.Incarnation);
        if (end.RuntimeStatus == OrchestrationRuntimeStatus.Terminated)
        {
            Assert.True(terminates, $"{id} was terminated by nobody.");
            Assert.Equal("enough", end.ReadOutputAs<string>());
            return;
        }
        Assert.False(plan.Hangs && !isTerminated, $"{id} ended, and could not.");
        if (plan.End == PlanEnd.Fail)
        {
            Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
            Assert.Equal(PlanModel.Failure(plan), end.FailureDetails!.ErrorMessage);
            return;
        }
        Assert.Equal($"Completed {end.SerializedOutput}", $"{end.RuntimeStatus} {end.SerializedOutput}");
        var result = end.ReadOutputAs<PlanResult>()!;
        Assert.Equal(PlanModel.Digest(plan), result.Digest);
        Assert.InRange(result.Repeats, 0, unsureEvents);
        CheckOutside();
    }

    /// <summary>Every step was tried as often as its failures and its policy ask for.</summary>
    private void CheckOutside()
    {
        Assert.DoesNotContain(world.Outside.Incarnations, seen => seen.StartsWith($"{plan.Id}-", StringComparison.Ordinal) && seen != incarnation);
        foreach (var step in plan.Generations.SelectMany(steps => steps).Where(step => step.Kind == StepKind.Activity))
            Assert.Equal(Math.Min(step.Failures + 1, step.Attempts), world.Outside.Attempts($"{incarnation}/{step.Id}"));
    }

    private async Task PurgeAsync()
    {
        var isUnsure = false;
        var purged = await world.CallAsync(
            $"purge {id}", client => client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: world.OneIn(2))), () => isUnsure = true);
        Assert.True(isUnsure || purged.PurgedInstanceCount > 0, $"{id} had ended and was not purged.");
        Assert.Null(await world.CallAsync($"look for {id}", client => client.GetInstanceAsync(id)));
    }

    private async Task PauseAsync()
    {
        if (world.OneIn(2))
            await Task.Yield();
        else
            await world.DelayAsync(world.Random.Next(20));
    }

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }
}
