using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Calls the site's own switch for writes, as the spec names it.</summary>
public sealed class WriteSwitch(RunDocuments documents, SiteHttp http, SiteLease lease, TimeProvider time)
{
    public async Task<WritesAnswer> SetAsync(WritesOrder order, CancellationToken cancellationToken)
    {
        var spec = await documents.ReadSpecAsync(order.Hold.RunId, cancellationToken);
        var call = order.On ? spec.WritePause!.On : spec.WritePause!.Off;
        await lease.DemandAsync(order.Hold, cancellationToken);

        var asked = time.GetUtcNow();
        using var response = await http.SendAsync(HttpMethod.Parse(call.Method), order.HostName, call.Path, cancellationToken);
        var status = (int)response.StatusCode;
        if (status is >= 400 and < 500 and not (408 or 429))
            throw new PermanentFailureException(CutOverCodes.PauseRefused, $"{call.Method} {order.HostName}{call.Path} answered {status}: the site does not take the call that the spec names.");
        if (status is < 200 or >= 300) throw new HttpRequestException($"{call.Method} {order.HostName}{call.Path} answered {status}.");
        return new WritesAnswer(order.On ? asked : time.GetUtcNow());
    }
}
