using DurableTask.Core;
using Microsoft.DurableTask.Testing.Sidecar;

namespace Orchestrator.RealWorker.Durable;

/// <summary>The in-memory back end with room for as much at once as host.json gives; by itself it has a place for each processor, with which a cut-over hardly ends.</summary>
internal sealed class RoomyOrchestrationService : InMemoryOrchestrationService, IOrchestrationService
{
    private const int AtOnce = 32;

    int IOrchestrationService.MaxConcurrentTaskOrchestrationWorkItems => AtOnce;

    int IOrchestrationService.MaxConcurrentTaskActivityWorkItems => AtOnce;
}
