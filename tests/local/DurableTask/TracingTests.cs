using System.Diagnostics;
using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class TracingTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task One_trace_leads_from_the_start_to_every_call_through_a_restart_and_has_each_once()
    {
        using var log = new SpanLog();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Work", _ => Activity.Current?.Id)
            .AddOrchestratorFunc("Child", context => context.CallActivityAsync<string>("Work"))
            .AddOrchestratorFunc("Parent", async context =>
            {
                var seen = await context.CallActivityAsync<string>("Work");
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                await context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions(instanceId: "child"));
                context.SendEvent("child", "late", 1);
                await context.WaitForExternalEvent<string>("go");
                return seen;
            }));

        var id = await engine.RunAsync("Parent");
        await engine.CrashAndRestartAsync();
        await engine.FireNextTimerAsync();
        await engine.CrashAndRestartAsync();
        await engine.Client.RaiseEventAsync(id, "go", "now");
        var run = await engine.EndAsync(id);
        await engine.IdleAsync();

        var creation = log.Single("create_orchestration:Parent", ActivityKind.Producer);
        var parent = log.Single("orchestration:Parent", ActivityKind.Server);
        var call = log.Spans.Single(span => span.OperationName == "activity:Work" && span.Kind == ActivityKind.Client && span.ParentSpanId == parent.SpanId);
        var work = log.Spans.First(span => span.OperationName == "activity:Work" && span.Kind == ActivityKind.Server && span.ParentSpanId == call.SpanId);
        var childCall = log.Single("orchestration:Child", ActivityKind.Client);
        var child = log.Single("orchestration:Child", ActivityKind.Server);
        var sent = log.Single("orchestration_event:late", ActivityKind.Producer);
        var timer = log.Single("orchestration:Parent:timer", ActivityKind.Internal);
        Assert.Equal(log.Root.SpanId, creation.ParentSpanId);
        Assert.Equal(creation.SpanId, parent.ParentSpanId);
        Assert.Equal(parent.SpanId, childCall.ParentSpanId);
        Assert.Equal(childCall.SpanId, child.ParentSpanId);
        Assert.Equal(parent.SpanId, timer.ParentSpanId);
        Assert.Equal(parent.SpanId, sent.ParentSpanId);
        Assert.Equal(log.Root.SpanId, log.Single("orchestration_event:go", ActivityKind.Producer).ParentSpanId);
        Assert.Equal(child.SpanId, log.Spans.Single(span => span.OperationName == "activity:Work" && span.Kind == ActivityKind.Client && span != call).ParentSpanId);
        Assert.All(log.Spans, span => Assert.Equal("vendor=1", span.TraceStateString));
        Assert.StartsWith($"00-{log.Root.TraceId}-", run.ReadOutputAs<string>(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(1), timer.Duration);
        Assert.True(parent.Duration >= timer.Duration);
        Assert.Equal(work.ParentId, call.Id);
        // An activity that a kill cut off runs again; nothing else is there twice.
        Assert.Equal(log.Spans.Where(span => span.Kind != ActivityKind.Server).Count(), log.Spans.Where(span => span.Kind != ActivityKind.Server).Select(span => span.SpanId).Distinct().Count());
    }

    [Fact]
    public async Task Spans_have_the_tags_of_the_durable_task_telemetry()
    {
        using var log = new SpanLog();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Work", _ => { })
            .AddOrchestratorFunc("Run", async context =>
            {
                await context.CallActivityAsync("Work");
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                context.SendEvent("other", "note", 1);
            }));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", new StartOrchestrationOptions("run") { Version = "1.2" });
        await engine.FireNextTimerAsync();
        await engine.Client.RaiseEventAsync("run", "late");

        Assert.Equal("orchestration|Run|run|1.2", Tags(log.Single("create_orchestration:Run@(1.2)", ActivityKind.Producer), "type", "task.name", "task.instance_id", "task.version"));
        Assert.Equal("orchestration|Run|run|1.2|Completed", Tags(log.Single("orchestration:Run@(1.2)", ActivityKind.Server), "type", "task.name", "task.instance_id", "task.version", "task.status"));
        foreach (var kind in new[] { ActivityKind.Client, ActivityKind.Server })
            Assert.Equal("activity|Work|run|1.2|0", Tags(log.Single("activity:Work@(1.2)", kind), "type", "task.name", "task.instance_id", "task.version", "task.task_id"));
        Assert.Equal("timer|Run|run|1|2026-03-01T09:00:00.0000000Z", Tags(log.Single("orchestration:Run:timer", ActivityKind.Internal), "type", "task.name", "task.instance_id", "task.task_id", "fire_at"));
        Assert.Equal("event|note|run|other", Tags(log.Single("orchestration_event:note", ActivityKind.Producer), "type", "task.name", "task.instance_id", "event.target_instance_id"));
        Assert.Equal("event|late|run", Tags(log.Single("orchestration_event:late", ActivityKind.Producer), "type", "task.name", "event.target_instance_id"));
    }

    [Fact]
    public async Task A_failure_is_an_error_on_every_span_that_it_passes()
    {
        using var log = new SpanLog();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Throw", _ => throw new InvalidOperationException("no room"))
            .AddOrchestratorFunc("Child", context => context.CallActivityAsync("Throw"))
            .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync("Child")));

        var id = await engine.RunAsync("Parent");
        await engine.EndAsync(id);
        await engine.IdleAsync();

        var failed = log.Spans.Where(span => span.Kind != ActivityKind.Producer).ToList();
        Assert.Equal(5, failed.Count);
        Assert.All(failed, span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        Assert.All(failed, span => Assert.Contains("no room", span.StatusDescription, StringComparison.Ordinal));
        Assert.Equal("Failed", Tags(log.Single("orchestration:Parent", ActivityKind.Server), "task.status"));
    }

    [Fact]
    public async Task Each_execution_of_an_instance_that_continues_as_new_has_a_span_of_its_own()
    {
        using var log = new SpanLog();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Work", _ => { })
            .AddOrchestratorFunc<int, int>("Count", async (context, n) =>
            {
                await context.CallActivityAsync("Work");
                if (n < 2)
                    context.ContinueAsNew(n + 1);
                return n;
            }));

        await engine.RunToEndAsync("Count", 0);
        await engine.IdleAsync();

        var executions = log.Spans.Where(span => span.OperationName == "orchestration:Count").ToList();
        Assert.Equal(["ContinuedAsNew", "ContinuedAsNew", "Completed"], executions.Select(span => Tags(span, "task.status")));
        Assert.All(executions, span => Assert.Equal(log.Single("create_orchestration:Count", ActivityKind.Producer).SpanId, span.ParentSpanId));
        Assert.Equal(executions.Select(span => span.SpanId), log.Spans.Where(span => span.Kind == ActivityKind.Client).Select(span => span.ParentSpanId));
    }

    private static string Tags(Activity span, params string[] names) => string.Join('|', names.Select(name => span.GetTagItem($"durabletask.{name}")));

    public sealed class Warm() : TracingTests(false);

    public sealed class Replayed() : TracingTests(true);
}
