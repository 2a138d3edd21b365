using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

public sealed class AbstractionTests
{
    [Fact]
    public void A_name_is_registered_once_for_each_version()
    {
        var registry = new DurableTaskRegistry()
            .AddOrchestratorFunc<string, string>("Run", "v1", (_, input) => Task.FromResult(input))
            .AddOrchestratorFunc<string, string>("Run", "v2", (_, input) => Task.FromResult(input))
            .AddActivityFunc<string, string>("Do", (_, input) => Task.FromResult(input));

        var again = () => registry.AddOrchestratorFunc<string, string>("RUN", "V2", (_, input) => Task.FromResult(input));

        Assert.Equal("name", Assert.Throws<ArgumentException>(again).ParamName);
        Assert.Throws<ArgumentException>(() => registry.AddActivityFunc<string, string>("do", (_, input) => Task.FromResult(input)));
        Assert.Equal(["Run", "Run"], registry.GetOrchestrators().Select(task => task.Key.Name));
        Assert.Equal(["Do"], registry.GetActivities().Select(task => task.Key.Name));
    }

    [Fact]
    public void Options_are_copied_whole()
    {
        var tags = new Dictionary<string, string> { ["a"] = "b" };
        var options = new SubOrchestrationOptions(new RetryPolicy(3, TimeSpan.FromSeconds(1)), "id") { Tags = tags, Version = "v1" };
        var start = new StartOrchestrationOptions("id", DateTimeOffset.UnixEpoch) { Tags = tags, Version = "v1" }.WithDedupeStatuses(OrchestrationRuntimeStatus.Failed);

        foreach (var copy in new[] { new SubOrchestrationOptions(options), new SubOrchestrationOptions((TaskOptions)options) })
        {
            Assert.Same(options.Retry, copy.Retry);
            Assert.Same(tags, copy.Tags);
            Assert.Equal(("id", new TaskVersion("v1")), (copy.InstanceId, copy.Version));
        }
        Assert.Equal(start, new StartOrchestrationOptions(start));
        Assert.Equal(["Failed"], start.DedupeStatuses!);
        Assert.Equal("other", new SubOrchestrationOptions(options, "other").InstanceId);
    }

    [Theory]
    [InlineData("1.1", "1.0", 1)]
    [InlineData("1.0", "1.0.1", -1)]
    [InlineData("1.10", "1.9", 1)]
    [InlineData("", "1.0", -1)]
    [InlineData("1.0", "", 1)]
    [InlineData("", "", 0)]
    [InlineData("alpha", "beta", -1)]
    [InlineData("Alpha", "alpha", 0)]
    public void Versions_are_compared_by_number_and_else_as_text(string own, string other, int order)
    {
        Assert.Equal(order, Math.Sign(new Context { OwnVersion = own }.CompareVersionTo(other)));
    }

    [Fact]
    public async Task A_task_class_takes_what_fits_its_input_and_nothing_else()
    {
        ITaskActivity activity = new Double();

        Assert.Equal((typeof(int), typeof(int)), (activity.InputType, activity.OutputType));
        Assert.Equal(4, await activity.RunAsync(null!, 2));
        Assert.Equal(0, await activity.RunAsync(null!, null));
        await Assert.ThrowsAsync<ArgumentException>(() => activity.RunAsync(null!, "two"));
    }

    [Fact]
    public void A_wrapped_context_asks_once_whether_it_replays()
    {
        var inner = new Context();
        var wrapping = new Context { Loggers = inner.ReplaySafeLoggerFactory };

        wrapping.ReplaySafeLoggerFactory.CreateLogger("any").Log(LogLevel.Information, default, "line", null, (state, _) => state);

        Assert.Same(wrapping.ReplaySafeLoggerFactory, wrapping.ReplaySafeLoggerFactory);
        Assert.Equal((1, 0), (wrapping.Asked, inner.Asked));
        Assert.Throws<NotSupportedException>(() => inner.ReplaySafeLoggerFactory.AddProvider(NullLoggerProvider.Instance));
    }

    [Fact]
    public void A_context_whose_loggers_are_its_own_replay_safe_ones_is_found_out()
    {
        var cyclic = new Context();
        cyclic.Loggers = cyclic.ReplaySafeLoggerFactory;

        Assert.Contains("depth", Assert.Throws<InvalidOperationException>(() => cyclic.CreateReplaySafeLogger("any")).Message, StringComparison.Ordinal);
    }

    private sealed class Double : TaskActivity<int, int>
    {
        public override Task<int> RunAsync(TaskActivityContext context, int input) => Task.FromResult(2 * input);
    }

    private sealed class Context : TaskOrchestrationContext
    {
        public int Asked { get; private set; }

        public string OwnVersion { get; init; } = "";

        public ILoggerFactory Loggers { get; set; } = NullLoggerFactory.Instance;

        public override TaskName Name => "Test";

        public override string InstanceId => "one";

        public override string Version => OwnVersion;

        public override ParentOrchestrationInstance? Parent => null;

        public override DateTime CurrentUtcDateTime => DateTime.UnixEpoch;

        public override bool IsReplaying => Asked++ < 0;

        protected override ILoggerFactory LoggerFactory => Loggers;

        public override T GetInput<T>() => throw new NotSupportedException();

        public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

        public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

        public override void SetCustomStatus(object? customStatus) => throw new NotSupportedException();

        public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
            throw new NotSupportedException();

        public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

        public override Guid NewGuid() => throw new NotSupportedException();
    }
}
