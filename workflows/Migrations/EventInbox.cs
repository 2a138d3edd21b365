using Microsoft.DurableTask;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// The events of one name. One wait stands at a time and is never cancelled: a wait that is cancelled can swallow the next event, and what people answer
/// must not be lost. What one question leaves standing, the next one goes on with.
/// </summary>
internal class EventInbox<T>(TaskOrchestrationContext context, string name)
{
    private Task<T>? next;

    /// <summary>Ends when an event has come; it stays until it is taken.</summary>
    public Task<T> Next => next ??= context.WaitForExternalEvent<T>(name);

    public Task<T> TakeAsync()
    {
        var taken = Next;
        next = null;
        return taken;
    }
}
