using System.Runtime.CompilerServices;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Sdk;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

public sealed class ErrorTests
{
    [Fact]
    public async Task An_activity_s_exception_arrives_with_its_causes_the_orchestrator_s_stack_and_four_log_lines()
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task CallTheActivity(TaskOrchestrationContext context) => await context.CallActivityAsync("Faulty");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void ThrowInTheActivity(TaskActivityContext context) => throw new InvalidOperationException("boom", new OddException("within"));

        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Call", CallTheActivity)
            .AddActivityFunc("Faulty", ThrowInTheActivity));

        var run = await host.RunAsync("Call");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        var failure = run.FailureDetails!;
        Assert.Equal(typeof(TaskFailedException).FullName, failure.ErrorType);
        Assert.Equal("Task 'Faulty' (#0) failed with an unhandled exception: boom", failure.ErrorMessage);
        Assert.Contains(nameof(CallTheActivity), failure.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(ThrowInTheActivity), failure.StackTrace, StringComparison.Ordinal);
        Assert.Equal((typeof(InvalidOperationException).FullName, "boom"), (failure.InnerFailure!.ErrorType, failure.InnerFailure.ErrorMessage));
        Assert.Contains(nameof(ThrowInTheActivity), failure.InnerFailure.StackTrace, StringComparison.Ordinal);
        Assert.Equal((typeof(OddException).FullName, "within"), (failure.InnerFailure.InnerFailure!.ErrorType, failure.InnerFailure.InnerFailure.ErrorMessage));
        var logged = host.Logs.Of("Microsoft.DurableTask.Worker").Where(line => (string?)line.Values.GetValueOrDefault("InstanceId") == run.InstanceId).ToList();
        Assert.Equal(["OrchestrationStarted", "ActivityStarted", "ActivityFailed", "OrchestrationFailed"], logged.Select(line => line.Id.Name!));
        Assert.Equal(["Call", "Faulty", "Faulty", "Call"], logged.Select(line => (string)line.Values["Name"]!));
        Assert.IsType<InvalidOperationException>(logged[2].Exception);
        Assert.IsType<TaskFailedException>(logged[3].Exception);
    }

    [Theory]
    [InlineData(typeof(ApplicationException))]
    [InlineData(typeof(OddException))]
    [InlineData(typeof(XunitException))]
    public async Task An_orchestrator_s_own_exception_keeps_its_type_text_and_stack(Type type)
    {
        string? here = null;
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Faulty", _ =>
        {
            here = Environment.StackTrace.Split('\n')[1].Trim(); throw Make(type, "boom");
        }));

        var failure = (await host.RunAsync("Faulty")).FailureDetails!;

        Assert.Equal((type.FullName, "boom"), (failure.ErrorType, failure.ErrorMessage));
        Assert.Contains(here!, failure.StackTrace, StringComparison.Ordinal);
        Assert.True(failure.IsCausedBy(type));
        Assert.True(failure.IsCausedBy<Exception>());
        Assert.False(failure.IsCausedBy<TimeoutException>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task A_policy_tries_as_often_as_it_says(int attempts)
    {
        var options = TaskOptions.FromRetryPolicy(new RetryPolicy(attempts, TimeSpan.FromMilliseconds(1)));
        var (activities, children) = (0, 0);
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc("Faulty", (TaskActivityContext _) =>
            {
                Interlocked.Increment(ref activities);
                throw new OddException("boom");
            })
            .AddOrchestratorFunc("FaultyChild", (Action<TaskOrchestrationContext>)(_ =>
            {
                Interlocked.Increment(ref children);
                throw new OddException("boom");
            }))
            .AddOrchestratorFunc("Activity", context => context.CallActivityAsync("Faulty", options: options))
            .AddOrchestratorFunc("Child", context => context.CallSubOrchestratorAsync("FaultyChild", options: options)));

        var byActivity = await host.RunAsync("Activity");
        var byChild = await host.RunAsync("Child");

        Assert.Equal((attempts, attempts), (activities, children));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, byActivity.RuntimeStatus);
        Assert.True(byChild.FailureDetails!.IsCausedBy<TaskFailedException>());
        Assert.Contains("boom", byChild.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 10)]
    [InlineData(true, 10)]
    [InlineData(true, 1)]
    public async Task A_handler_sees_each_failure_once_and_decides(bool child, int attempts)
    {
        var (asked, ran) = (new List<int>(), 0);
        var options = TaskOptions.FromRetryHandler(retry =>
        {
            if (!retry.OrchestrationContext.IsReplaying)
                asked.Add(retry.LastAttemptNumber);
            return retry.LastFailure.IsCausedBy<Exception>() && retry.LastFailure.IsCausedBy<OddException>() && retry.LastAttemptNumber < attempts;
        });
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc("Faulty", (TaskActivityContext _) =>
            {
                Interlocked.Increment(ref ran);
                throw new OddException("boom");
            })
            .AddOrchestratorFunc("Faulty", (Action<TaskOrchestrationContext>)(_ =>
            {
                Interlocked.Increment(ref ran);
                throw new OddException("boom");
            }))
            .AddOrchestratorFunc("Call", context => child
                ? context.CallSubOrchestratorAsync("Faulty", options: options)
                : context.CallActivityAsync("Faulty", options: options)));

        var run = await host.RunAsync("Call");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        Assert.Equal(attempts, ran);
        Assert.Equal(Enumerable.Range(1, attempts), asked);
    }

    [Theory]
    [InlineData(10, false, int.MaxValue, 1, OrchestrationRuntimeStatus.Failed)]
    [InlineData(2, true, int.MaxValue, 2, OrchestrationRuntimeStatus.Failed)]
    [InlineData(10, true, 4, 5, OrchestrationRuntimeStatus.Completed)]
    public async Task A_policy_asks_whether_a_failure_is_worth_another_attempt(
        int attempts, bool isWorth, int failures, int expected, OrchestrationRuntimeStatus status)
    {
        var ran = 0;
        var policy = new RetryPolicy(attempts, TimeSpan.FromMilliseconds(1), backoffCoefficient: 2)
        {
            HandleFailure = failure => failure.IsCausedBy<OddException>() && isWorth,
        };
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc("Faulty", (TaskActivityContext _) =>
            {
                if (ran++ < failures)
                    throw new OddException("boom");
            })
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync("Faulty", options: TaskOptions.FromRetryPolicy(policy))));

        var run = await host.RunAsync("Call");

        Assert.Equal((expected, status), (ran, run.RuntimeStatus));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_registered_is_not_tried_again(bool activity)
    {
        var asked = 0;
        var options = TaskOptions.FromRetryHandler(_ => ++asked < 5);
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Call", context => activity
            ? context.CallActivityAsync("Missing", options: options)
            : context.CallSubOrchestratorAsync("Missing", options: options)));

        var run = await host.RunAsync("Call");

        Assert.Equal((OrchestrationRuntimeStatus.Failed, 0), (run.RuntimeStatus, asked));
        Assert.Equal(activity ? "ActivityTaskNotFound" : "OrchestratorTaskNotFound", run.FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task The_chain_of_causes_grows_at_each_orchestration_that_lets_it_through()
    {
        var seen = new List<string>();
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc("Faulty", (TaskActivityContext _) => throw new OddException("first", new ApplicationException("second", new XunitException("third"))))
            .AddOrchestratorFunc("Child", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Faulty");
                }
                catch (TaskFailedException failed)
                {
                    seen.Add(failed.FailureDetails.ErrorMessage);
                    throw;
                }
            })
            .AddOrchestratorFunc("Parent", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Child");
                }
                catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<TaskFailedException>())
                {
                    seen.Add(failed.FailureDetails.InnerFailure!.ErrorMessage);
                    throw;
                }
            }));

        var failure = (await host.RunAsync("Parent")).FailureDetails;

        Assert.Equal(["first", "first"], seen);
        string[] expected = [typeof(TaskFailedException).FullName!, typeof(TaskFailedException).FullName!, typeof(OddException).FullName!, typeof(ApplicationException).FullName!, typeof(XunitException).FullName!];
        Assert.Equal(expected, Chain(failure).Select(link => link.ErrorType));
        Assert.Contains("'Child'", failure!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'Faulty'", failure.InnerFailure!.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_properties_that_a_provider_names_come_back_in_their_plain_types(bool replayFromStart)
    {
        IDictionary<string, object?>? caught = null;
        await using var host = await SdkHost.StartAsync(
            worker =>
            {
                worker.Services.AddSingleton<IExceptionPropertiesProvider, OddProperties>();
                worker.AddTasks(tasks => tasks
                    .AddActivityFunc("Faulty", (TaskActivityContext _) => throw new OddException("boom"))
                    .AddOrchestratorFunc("Call", async context =>
                    {
                        try
                        {
                            await context.CallActivityAsync("Faulty");
                        }
                        catch (TaskFailedException failed)
                        {
                            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                            caught = failed.FailureDetails.Properties;
                            throw;
                        }
                    })
                    .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync("Call")));
            },
            engine: options => options.ReplayFromStart = replayFromStart);

        var failure = (await host.RunAsync("Parent")).FailureDetails!.InnerFailure!.InnerFailure!;

        Assert.Equal(typeof(OddException).FullName, failure.ErrorType);
        foreach (var properties in new[] { failure.Properties!, caught! })
        {
            Assert.Equal(8, properties.Count);
            Assert.Equal(("text", 100.0, 1.5, true), (properties["Text"], properties["Number"], properties["Money"], properties["Truth"]));
            Assert.Equal(OddProperties.Time, properties["Time"]);
            Assert.Null(properties["Nothing"]);
            Assert.Equal(3.0, Assert.IsAssignableFrom<IDictionary<string, object?>>(properties["Entries"])["retries"]);
            Assert.Equal(["a", 500.0, null], Assert.IsAssignableFrom<IList<object?>>(properties["Items"]));
        }
    }

    [Fact]
    public async Task An_orchestrator_s_own_exception_has_properties_too()
    {
        await using var host = await SdkHost.StartAsync(worker =>
        {
            worker.Services.AddSingleton<IExceptionPropertiesProvider, OddProperties>();
            worker.AddTasks(tasks => tasks.AddOrchestratorFunc<string>("Faulty", (Action<TaskOrchestrationContext, string>)((_, size) =>
                throw new ArgumentOutOfRangeException(nameof(size), size, "Too much."))));
        });

        var failure = (await host.RunAsync("Faulty", "much")).FailureDetails!;

        Assert.Equal(("size", "much"), (failure.Properties!["Name"], failure.Properties["Value"]));
        Assert.True(failure.IsCausedBy<ArgumentException>());
    }

    private static IEnumerable<TaskFailureDetails> Chain(TaskFailureDetails? failure)
    {
        for (; failure is not null; failure = failure.InnerFailure)
            yield return failure;
    }

    private static Exception Make(Type type, string message) => (Exception)Activator.CreateInstance(type, message)!;

    private sealed class OddException : Exception
    {
        public OddException(string message)
            : base(message)
        {
        }

        public OddException(string message, Exception cause)
            : base(message, cause)
        {
        }
    }

    private sealed class OddProperties : IExceptionPropertiesProvider
    {
        public static readonly DateTime Time = new(2026, 3, 1, 8, 30, 0, DateTimeKind.Utc);

        public IDictionary<string, object?>? GetExceptionProperties(Exception exception) => exception switch
        {
            OddException => new Dictionary<string, object?>
            {
                ["Text"] = "text",
                ["Number"] = 100,
                ["Money"] = 1.5m,
                ["Truth"] = true,
                ["Time"] = Time,
                ["Nothing"] = null,
                ["Entries"] = new Dictionary<string, object?> { ["retries"] = 3 },
                ["Items"] = new List<object?> { "a", 500, null },
            },
            ArgumentOutOfRangeException range => new Dictionary<string, object?> { ["Name"] = range.ParamName, ["Value"] = range.ActualValue },
            _ => null,
        };
    }
}
