using System.Reflection;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Filters = Microsoft.DurableTask.Worker.DurableTaskWorkerWorkItemFilters;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

/// <summary>Several workers and clients in one host, each by a name.</summary>
public sealed class NamedTests
{
    [Fact]
    public async Task The_engine_runs_what_workers_of_any_name_have()
    {
        await using var host = await SdkHost.StartAsync(worker =>
        {
            worker.AddTasks(Calling("Own"));
            worker.Services.AddDurableTaskWorker("one", named => named.AddTasks(tasks => tasks.AddActivityFunc("Act", (TaskActivityContext _) => "acted")));
            worker.Services.AddDurableTaskWorker("two", named => named.AddTasks(Calling("Other")).UseWorkItemFilters());
        });

        Assert.Equal("acted", (await host.RunAsync("Own")).ReadOutputAs<string>());
        Assert.Equal("acted", (await host.RunAsync("Other")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Of_the_same_task_in_two_workers_the_first_counts()
    {
        await using var host = await SdkHost.StartAsync(worker =>
        {
            worker.AddTasks(tasks => tasks.AddOrchestratorFunc("Run", _ => "first"));
            worker.Services.AddDurableTaskWorker("two", named => named.AddTasks(tasks => tasks.AddOrchestratorFunc("Run", _ => "second")));
        });

        Assert.Equal("first", (await host.RunAsync("Run")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_only_worker_may_have_a_name()
    {
        using var host = Build(services => services.AddDurableTaskWorker("only", worker => worker
            .AddTasks(tasks => tasks.AddOrchestratorFunc("Version", context => context.CallSubOrchestratorAsync<string>("Child"))
                .AddOrchestratorFunc("Child", context => context.Version))
            .UseVersioning(new DurableTaskWorkerOptions.VersioningOptions { DefaultVersion = "7" })));
        await host.StartAsync();
        var client = host.Services.GetRequiredService<DurableTaskClient>();

        var id = await client.ScheduleNewOrchestrationInstanceAsync("Version");
        var run = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("7", run.ReadOutputAs<string>());
        await host.StopAsync();
    }

    [Fact]
    public void Options_and_filters_are_of_one_name_each()
    {
        var services = new ServiceCollection();
        services.AddDurableTaskWorker("one", worker => worker
            .AddTasks(Calling("Run"))
            .Configure(options => options.MaximumTimerInterval = TimeSpan.FromHours(1))
            .UseWorkItemFilters());
        services.AddDurableTaskWorker("two", worker => worker
            .AddTasks(tasks => tasks.AddActivityFunc("Act", (TaskActivityContext _) => "acted"))
            .UseWorkItemFilters());
        services.AddDurableTaskClient("one", client => client.UseDefaultVersion("1"));
        using var provider = services.BuildServiceProvider();

        var (one, two) = (Of<Filters>(provider, "one"), Of<Filters>(provider, "two"));

        Assert.Equal(("Run", 0), (one.Orchestrations.Single().Name, one.Activities.Count));
        Assert.Equal((0, "Act"), (two.Orchestrations.Count, two.Activities.Single().Name));
        Assert.Equal(TimeSpan.FromHours(1), Of<DurableTaskWorkerOptions>(provider, "one").MaximumTimerInterval);
        Assert.NotEqual(TimeSpan.FromHours(1), Of<DurableTaskWorkerOptions>(provider, "two").MaximumTimerInterval);
        Assert.Equal(("1", ""), (Of<DurableTaskClientOptions>(provider, "one").DefaultVersion, Of<DurableTaskClientOptions>(provider, "two").DefaultVersion));
    }

    [Fact]
    public void Filters_are_checked_worker_by_worker_as_they_are_in_the_end()
    {
        var typo = new Filters { Orchestrations = [new Filters.OrchestrationFilter("Typo", null)] };
        var services = new ServiceCollection();
        services.AddDurableTaskWorker("cleared", worker => worker.AddTasks(Calling("Run")).UseWorkItemFilters(null));
        Assert.DoesNotContain(services, service => service.ServiceType == typeof(IValidateOptions<Filters>));
        services.AddDurableTaskWorker("corrected", worker => worker.AddTasks(Calling("Run")).UseWorkItemFilters(typo).UseWorkItemFilters());
        services.AddDurableTaskWorker("wrong", worker => worker.AddTasks(Calling("Run")).UseWorkItemFilters(typo));
        services.AddDurableTaskWorker(worker => worker.AddTasks(Calling("Run")).UseWorkItemFilters(typo));
        using var provider = services.BuildServiceProvider();

        Assert.Empty(Of<Filters>(provider, "cleared").Orchestrations);
        Assert.Equal("Run", Of<Filters>(provider, "corrected").Orchestrations.Single().Name);
        Assert.Contains("worker 'wrong'", Assert.Throws<OptionsValidationException>(() => Of<Filters>(provider, "wrong")).Message, StringComparison.Ordinal);
        Assert.Contains("worker '<default>'", Assert.Throws<OptionsValidationException>(() => Of<Filters>(provider, "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_client_is_handed_out_without_its_name_only_when_told_to()
    {
        var services = new ServiceCollection();
        services.AddDurableTaskClient("quiet", _ => { });
        Assert.DoesNotContain(services, service => service.ServiceType == typeof(DurableTaskClient));
        services.AddDurableTaskClient("direct", client => client.RegisterDirectly());
        await using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IDurableTaskClientProvider>();

        Assert.Same(clients.GetClient("direct"), provider.GetRequiredService<DurableTaskClient>());
        Assert.Equal(("direct", "quiet"), (clients.GetClient("direct").Name, clients.GetClient("quiet").Name));
    }

    [Fact]
    public async Task Without_a_client_of_no_name_there_is_none_to_be_had()
    {
        await using var provider = new ServiceCollection().AddDurableTaskClient("quiet", _ => { }).BuildServiceProvider();

        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => provider.GetRequiredService<IDurableTaskClientProvider>().GetClient());

        Assert.Contains("quiet", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_runs_from_the_first_service_that_needs_it_to_the_last()
    {
        var between = new Between();
        using var host = Build(services =>
        {
            services.AddDurableTaskWorker(worker => worker.AddTasks(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran")));
            Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
            services.AddSingleton<IHostedService>(provider => between.Of(provider));
        });

        await host.StartAsync();
        await host.StopAsync();

        Assert.Equal(["ran", "ran"], between.Outputs);
    }

    [Fact]
    public void A_container_that_has_built_a_worker_can_be_disposed_of_at_once()
    {
        using var provider = new ServiceCollection().AddDurableTaskWorker(_ => { }).BuildServiceProvider();

        Assert.Single(provider.GetServices<IHostedService>());
    }

    [Fact]
    public void Extensions_find_the_tasks_of_a_registry_by_reflection()
    {
        var registry = new DurableTaskRegistry();
        registry.AddActivityFunc("Act", (TaskActivityContext _) => "acted");
        Calling("Run")(registry);

        object? Find(string property) => typeof(DurableTaskRegistry).GetProperty(property, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(registry);

        Assert.Equal("Act", ((IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>>)Find("Activities")!).Single().Key);
        Assert.Equal("Run", ((IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>>)Find("Orchestrators")!).Single().Key);
    }

    private static T Of<T>(IServiceProvider services, string name)
        where T : class => services.GetRequiredService<IOptionsMonitor<T>>().Get(name);

    private static Action<DurableTaskRegistry> Calling(string name) => tasks =>
        tasks.AddOrchestratorFunc(name, context => context.CallActivityAsync<string>("Act"));

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var folder = Directory.CreateTempSubdirectory("durable-");
        configure(builder.Services);
        builder.Services.AddDurableTaskClient(_ => { });
        builder.Services.Configure<LocalDurableTaskOptions>(options => options.StateFile = Path.Combine(folder.FullName, "state.db"));
        var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() => folder.Delete(recursive: true));
        return host;
    }

    /// <summary>Added after the worker and before the client, and in need of the engine to its end.</summary>
    private sealed class Between : IHostedService
    {
        private DurableTaskClient? client;
        private IServiceProvider? services;

        public List<string?> Outputs { get; } = [];

        public Between Of(IServiceProvider provider)
        {
            services = provider;
            return this;
        }

        public Task StartAsync(CancellationToken cancellationToken) => RunAsync();

        public Task StopAsync(CancellationToken cancellationToken) => RunAsync();

        private async Task RunAsync()
        {
            client ??= services!.GetRequiredService<DurableTaskClient>();
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Run");
            var run = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(20));
            Outputs.Add(run.ReadOutputAs<string>());
        }
    }
}
