namespace Orchestrator.Local.Functions.Discovery;

internal enum TriggerKind
{
    Http,
    Timer,
    Orchestration,
    Activity,
}
