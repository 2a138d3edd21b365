using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Adds an entry to the run's audit log; a second one with the same key changes nothing.</summary>
public sealed class AppendAudit(AuditLog log)
{
    [Function(nameof(AppendAudit))]
    public Task RunAsync([ActivityTrigger] AuditOrder order, CancellationToken cancellationToken) => log.AppendAsync(order.RunId, order.Entry, cancellationToken);
}

public sealed record AuditOrder(string RunId, AuditEntry Entry);
