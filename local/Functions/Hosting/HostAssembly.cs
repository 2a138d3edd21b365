using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Local.DurableTask;
using Orchestrator.Local.Functions.Discovery;
using Orchestrator.Local.Functions.Durable;
using Orchestrator.Local.Functions.Http;
using Orchestrator.Local.Functions.Invocation;
using Orchestrator.Local.Functions.Timers;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>Puts the host together once the app has said all it has to say.</summary>
internal static class HostAssembly
{
    public static FunctionsHost Build(
        WebApplicationBuilder builder,
        LocalHostOptions options,
        HostJson hostJson,
        IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware,
        bool servesHttp)
    {
        var functions = FunctionFinder.Find(options.Classes ?? (options.Assemblies ?? FunctionAssemblies.OfApp()).SelectMany(assembly => assembly.GetTypes()));
        if (!servesHttp && functions.FirstOrDefault(function => function.Kind is TriggerKind.Http) is { } http)
            throw new StartException($"The function {http.Place} has an HTTP trigger, and the app does not call ConfigureFunctionsWebApplication().");
        var settings = LocalHostSettings.Read(builder.Configuration);
        AddServices(builder.Services, functions, hostJson, settings, middleware);

        var app = builder.Build();
        app.UseRouting();
        ((IEndpointRouteBuilder)app).DataSources.Add(
            FunctionEndpoints.Build(functions, hostJson.RoutePrefix, app.Services.GetRequiredService<HttpFunctionRunner>()));
        return new FunctionsHost(app, options, new HostSummary(functions, hostJson, settings));
    }

    private static void AddServices(
        IServiceCollection services,
        IReadOnlyList<FoundFunction> functions,
        HostJson hostJson,
        LocalHostSettings settings,
        IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        services.AddMvcCore();
        services.AddSingleton(new TaskFunctions(functions));
        services.AddSingleton<DataConverter>(provider =>
            new SerializerDataConverter(provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!));
        services.AddSingleton(provider => new ArgumentBinder(
            provider.GetRequiredService<DataConverter>(), new Lazy<DurableTaskClient>(provider.GetRequiredService<FunctionsDurableClient>)));
        services.AddSingleton(provider => new FunctionPipeline(
            provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<ArgumentBinder>(), middleware, hostJson.FunctionTimeout));
        services.AddSingleton<HttpFunctionRunner>();
        AddEngine(services, hostJson, settings);
        services.AddHostedService(provider => new TimerService(
            functions,
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<FunctionPipeline>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TimerService>>()));
    }

    private static void AddEngine(IServiceCollection services, HostJson hostJson, LocalHostSettings settings)
    {
        services.AddSingleton<ITaskInvoker, FunctionTaskInvoker>();
        services.AddLocalDurableTask(engine =>
        {
            engine.StateFile = settings.StateFile;
            engine.ReplayFromStart = settings.ReplayFromStart;
            engine.MaxConcurrentActivities = hostJson.MaxConcurrentActivityFunctions ?? 10 * Environment.ProcessorCount;
            engine.MaxConcurrentOrchestrations = hostJson.MaxConcurrentOrchestratorFunctions ?? 10 * Environment.ProcessorCount;
            engine.DefaultVersion = hostJson.DefaultVersion ?? string.Empty;
            engine.Versioning = hostJson.DefaultVersion is not { Length: > 0 } version ? null : new DurableTaskWorkerOptions.VersioningOptions
            {
                Version = version,
                MatchStrategy = hostJson.VersionMatchStrategy,
                FailureStrategy = hostJson.VersionFailureStrategy,
            };
            engine.DrainTimeout = BuilderDefaults.StopTimeout - TimeSpan.FromSeconds(2);
        });
        services.AddOptions<LocalDurableTaskOptions>().Configure<DataConverter>((engine, converter) => engine.DataConverter = converter);

        // On Functions no client stands in the services, it is only bound: the engine's is taken out, so that nobody comes to rely on it here.
        var client = services.Last(service => service.ServiceType == typeof(DurableTaskClient));
        services.Remove(client);
        services.AddSingleton(provider => new FunctionsDurableClient(
            (DurableTaskClient)client.ImplementationFactory!(provider),
            hostJson.HubName,
            provider.GetRequiredService<TaskFunctions>(),
            provider.GetRequiredService<ILogger<FunctionsDurableClient>>()));
    }
}
