using System.Text.Json;
using DurableTask.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.RealWorker.Durable;

/// <summary>The in-memory back end of Microsoft's own test host, behind the same gRPC service that the durable extension offers to the worker.</summary>
internal static class DurableBackEnd
{
    public static void AddDurableBackEnd(this IServiceCollection services)
    {
        services.AddSingleton<RoomyOrchestrationService>();
        services.AddSingleton<IOrchestrationService>(provider => provider.GetRequiredService<RoomyOrchestrationService>());
        services.AddSingleton<IOrchestrationServiceClient>(provider => provider.GetRequiredService<RoomyOrchestrationService>());
        services.AddSingleton<TaskHubGrpcServer>();
    }

    public static void MapDurableBackEnd(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<TaskHubGrpcServer>();
        // Made before the server starts: it takes up work when the application tells that it has started.
        endpoints.ServiceProvider.GetRequiredService<TaskHubGrpcServer>();
    }

    /// <summary>What the extension binds a durable client to, with its own defaults: BindingHelper and DurableTaskOptions of Azure/azure-functions-durable-extension.</summary>
    public static string ClientBinding(Uri address) => JsonSerializer.Serialize(new
    {
        taskHubName = "Orchestrator",
        connectionName = "Storage",
        requiredQueryStringParameters = "",
        rpcBaseUrl = address.GetLeftPart(UriPartial.Authority),
        httpBaseUrl = "http://127.0.0.1/runtime/webhooks/durabletask",
        maxGrpcMessageSizeInBytes = 4 * 1024 * 1024,
        grpcHttpClientTimeout = JsonSerializer.Serialize(TimeSpan.FromSeconds(100)),
    });
}
