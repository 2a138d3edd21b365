using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

#pragma warning disable CS0618 // Orchestration filters are experimental in the real API too.
public sealed class WorkerTests
{
    [Fact]
    public async Task Classes_are_known_by_their_attribute_and_activities_get_services_of_their_own_scope()
    {
        await using var host = await SdkHost.StartAsync(worker =>
        {
            worker.Services.AddSingleton("Hello").AddScoped<Counter>();
            worker.AddTasks(tasks => tasks.AddOrchestrator<GreetAll>().AddActivity<Greet>());
        });

        var run = await host.RunAsync("GreetEverybody", new[] { "Tokyo", "London" });

        Assert.Equal("Hello Tokyo 1, Hello London 1", run.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(null, null, "client")]
    [InlineData("own", null, "own")]
    [InlineData("", null, "")]
    [InlineData("own", "child", "child")]
    public async Task Versions_come_from_the_options_and_else_from_the_defaults(string? start, string? call, string expected)
    {
        await using var host = await SdkHost.StartAsync(
            worker => worker
                .AddTasks(tasks => tasks
                    .AddActivityFunc<string, string>("Version", (context, _) => context.Version)
                    .AddOrchestratorFunc<string?, string>("Run", (context, version) => context.CallActivityAsync<string>(
                        "Version", "", version is null ? null : new TaskOptions { Version = version })))
                .UseVersioning(new DurableTaskWorkerOptions.VersioningOptions { DefaultVersion = "worker" }),
            client => client.UseDefaultVersion("client"));

        var run = await host.RunAsync("Run", call, new StartOrchestrationOptions { Version = start is null ? default(TaskVersion?) : new TaskVersion(start) });

        Assert.Equal(expected, run.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(null, "worker")]
    [InlineData("0.2", "0.2")]
    [InlineData("", "")]
    public async Task A_sub_orchestration_has_the_worker_s_default_version_unless_told_otherwise(string? version, string expected)
    {
        await using var host = await SdkHost.StartAsync(
            worker => worker
                .AddTasks(tasks => tasks
                    .AddOrchestratorFunc("Child", context => Task.FromResult(context.Version))
                    .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync<string>(
                        "Child", new SubOrchestrationOptions { Version = version is null ? default(TaskVersion?) : new TaskVersion(version) })))
                .UseVersioning(new DurableTaskWorkerOptions.VersioningOptions { DefaultVersion = "worker" }),
            client => client.UseDefaultVersion("client"));

        Assert.Equal(expected, (await host.RunAsync("Parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Each_version_has_its_own_class_and_none_is_taken_for_another()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestrator<First>().AddOrchestrator<Second>());

        var second = await host.RunAsync("Versioned", 5, new StartOrchestrationOptions { Version = "v2" });
        var continued = await host.RunAsync("Versioned", 4, new StartOrchestrationOptions { Version = "v1" });
        var unversioned = await host.RunAsync("Versioned", 5);

        Assert.Equal(("v2:5", "v2:5"), (second.ReadOutputAs<string>(), continued.ReadOutputAs<string>()));
        Assert.Equal(("OrchestratorTaskNotFound", "No orchestrator task named 'Versioned' was found."), (unversioned.FailureDetails!.ErrorType, unversioned.FailureDetails.ErrorMessage));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("tag")]
    public async Task What_a_filter_refuses_waits_until_it_no_longer_does(string by)
    {
        var filter = new Denying();
        await using var host = await SdkHost.StartAsync(worker => worker
            .AddTasks(tasks => tasks
                .AddOrchestratorFunc("Denied", _ => "ran")
                .AddOrchestratorFunc("Other", _ => "ran"))
            .UseOrchestrationFilter(filter));
        filter.Denied[by == "name" ? "Denied" : "team:shop"] = true;
        var tags = new StartOrchestrationOptions("one") { Tags = new Dictionary<string, string> { ["team"] = "shop" } };

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Denied", tags);
        await host.RunAsync("Other");
        await host.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await host.Client.GetInstanceAsync("one"))!.RuntimeStatus);
        filter.Denied.Clear();

        Assert.Equal("ran", (await host.EndAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_filter_may_change_its_mind_about_one_that_runs()
    {
        var filter = new Denying();
        await using var host = await SdkHost.StartAsync(worker => worker
            .AddTasks(tasks => tasks.AddOrchestratorFunc("Add", async context =>
                await context.WaitForExternalEvent<int>("n") * 10 + await context.WaitForExternalEvent<int>("n")))
            .UseOrchestrationFilter(filter));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Add", new StartOrchestrationOptions("one"));
        await host.IdleAsync();

        filter.Denied["Add"] = true;
        await host.Client.RaiseEventAsync("one", "n", 1);
        await host.Client.RaiseEventAsync("one", "n", 2);
        await host.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync("one"))!.RuntimeStatus);
        filter.Denied.Clear();

        Assert.Equal(12, (await host.EndAsync("one")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task With_work_item_filters_what_is_not_registered_waits_instead_of_failing()
    {
        await using var host = await SdkHost.StartAsync(worker => worker
            .AddTasks(tasks => tasks.AddOrchestratorFunc("Call", context => context.CallActivityAsync("Missing"))
                .AddActivityFunc("Known", (TaskActivityContext _) => { }))
            .UseWorkItemFilters());

        var missing = await host.Client.ScheduleNewOrchestrationInstanceAsync("Missing");
        var calling = await host.Client.ScheduleNewOrchestrationInstanceAsync("Call");
        await host.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await host.Client.GetInstanceAsync(missing))!.RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync(calling))!.RuntimeStatus);
    }

    [Fact]
    public async Task Work_item_filters_name_versions_and_are_checked_against_what_is_registered()
    {
        Action<DurableTaskRegistry> tasks = registry => registry.AddOrchestratorFunc("Run", _ => "ran");
        await using var host = await SdkHost.StartAsync(worker => worker.AddTasks(tasks).UseWorkItemFilters(new DurableTaskWorkerWorkItemFilters
        {
            Orchestrations = [new DurableTaskWorkerWorkItemFilters.OrchestrationFilter("run", ["1.0"])],
        }));

        await host.RunAsync("Run", null, new StartOrchestrationOptions { Version = "1.0" });
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Run", new StartOrchestrationOptions("other") { Version = "2.0" });
        await host.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await host.Client.GetInstanceAsync("other"))!.RuntimeStatus);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => SdkHost.StartAsync(worker => worker.AddTasks(tasks).UseWorkItemFilters(
            new DurableTaskWorkerWorkItemFilters { Activities = [new DurableTaskWorkerWorkItemFilters.ActivityFilter("Typo", null)] })));
        Assert.Contains("Activities: [Typo]", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_converter_that_is_a_service_is_used()
    {
        await using var host = await SdkHost.StartAsync(worker =>
        {
            worker.Services.AddSingleton<DataConverter>(new JsonDataConverter(new JsonSerializerOptions(JsonSerializerDefaults.Web)));
            worker.AddTasks(tasks => tasks.AddOrchestratorFunc<Named, Named>("Echo", (_, named) => named));
        });

        Assert.Equal("""{"name":"shop"}""", (await host.RunAsync("Echo", new Named("shop"))).SerializedOutput);
        Assert.Same(host.Services.GetRequiredService<DataConverter>(), host.Services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value.DataConverter);
    }

    [Fact]
    public async Task Builders_are_one_for_each_name_and_build_what_they_are_told()
    {
        await using var host = await SdkHost.StartAsync(
            worker =>
            {
                Assert.Same(worker, worker.Services.AddDurableTaskWorker());
                worker.Services.AddDurableTaskWorker("extra").UseBuildTarget<ExtraWorker>().AddTasks(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"));
            },
            client => client.Services.AddDurableTaskClient("extra"));

        var extra = host.Services.GetServices<IHostedService>().OfType<ExtraWorker>().Single();
        var provider = host.Services.GetRequiredService<IDurableTaskClientProvider>();

        Assert.True(extra.Knows("Run", host.Services));
        Assert.False(extra.Knows("Other", host.Services));
        Assert.Same(host.Client, provider.GetClient());
        Assert.Equal("extra", provider.GetClient("extra").Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.GetClient("missing"));
        Assert.Equal("ran", (await host.RunAsync("Run")).ReadOutputAs<string>());
    }

    [Fact]
    public void A_builder_refuses_what_it_cannot_build()
    {
        var worker = new DefaultDurableTaskWorkerBuilder(null, new ServiceCollection());
        var client = new DefaultDurableTaskClientBuilder("named", new ServiceCollection());
        using var services = new ServiceCollection().BuildServiceProvider();

        Assert.Equal(("", "named"), (worker.Name, client.Name));
        Assert.Throws<ArgumentException>(() => worker.BuildTarget = typeof(string));
        Assert.Throws<ArgumentException>(() => client.BuildTarget = typeof(DurableTaskClient));
        Assert.Throws<InvalidOperationException>(() => worker.Build(services));
        Assert.Throws<InvalidOperationException>(() => client.Build(services));
    }

    public sealed record Named(string Name);

    [DurableTask("GreetEverybody")]
    public sealed class GreetAll : TaskOrchestrator<string[], string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string[] input)
        {
            var greetings = new List<string>();
            foreach (var name in input)
                greetings.Add(await context.CallActivityAsync<string>(nameof(Greet), name));
            return string.Join(", ", greetings);
        }
    }

    public sealed class Greet(string word, Counter counter, Counter same) : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input) =>
            Task.FromResult($"{word} {input} {(ReferenceEquals(counter, same) ? ++counter.Value : -1)}");
    }

    public sealed class Counter
    {
        public int Value { get; set; }
    }

    [DurableTask("Versioned", Version = "v1")]
    private sealed class First : TaskOrchestrator<int, string>
    {
        public override Task<string> RunAsync(TaskOrchestrationContext context, int input)
        {
            context.ContinueAsNew(new ContinueAsNewOptions { NewInput = input + 1, NewVersion = "v2" });
            return Task.FromResult("");
        }
    }

    [DurableTask("Versioned", Version = "v2")]
    private sealed class Second : TaskOrchestrator<int, string>
    {
        public override Task<string> RunAsync(TaskOrchestrationContext context, int input) => Task.FromResult($"{context.Version}:{input}");
    }

    private sealed class Denying : IOrchestrationFilter
    {
        public ConcurrentDictionary<string, bool> Denied { get; } = new();

        public ValueTask<bool> IsOrchestrationValidAsync(OrchestrationFilterParameters info, CancellationToken cancellationToken = default) =>
            new(!Denied.ContainsKey(info.Name!) && !info.Tags!.Any(tag => Denied.ContainsKey($"{tag.Key}:{tag.Value}")));
    }

    private sealed class ExtraWorker(string name, IDurableTaskFactory factory) : Microsoft.DurableTask.Worker.Hosting.DurableTaskWorker(name, factory)
    {
        public bool Knows(string orchestrator, IServiceProvider services) => Factory.TryCreateOrchestrator(orchestrator, services, out _);

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
