using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Calls the site's own switch for writes, as the spec names it, and sees for itself that a pause holds.</summary>
public sealed class WriteSwitch(RunDocuments documents, SiteHttp http, SiteLease lease, TimeProvider time)
{
    private const int ProbesAtOnce = 3;
    private const int Rounds = 10;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(50);

    /// <returns>Once the site has answered, and a probe, where the spec names one, was refused on each of several new connections.</returns>
    public async Task<WritesAnswer> PauseAsync(WritesOrder order, CancellationToken cancellationToken)
    {
        var pause = await ReadAsync(order, cancellationToken);
        var asked = time.GetUtcNow();
        await CallAsync(order, pause.On, cancellationToken);
        if (pause.Probe is not { } probe) return new WritesAnswer(asked);
        await DemandRefusedAsync(order, probe, cancellationToken);
        return new WritesAnswer(asked, Seen: true);
    }

    public async Task<WritesAnswer> ResumeAsync(WritesOrder order, CancellationToken cancellationToken)
    {
        var pause = await ReadAsync(order, cancellationToken);
        await CallAsync(order, pause.Off, cancellationToken);
        return new WritesAnswer(time.GetUtcNow());
    }

    private async Task<WritePauseSpec> ReadAsync(WritesOrder order, CancellationToken cancellationToken)
    {
        var demanding = lease.DemandAsync(order.Hold, cancellationToken);
        var reading = documents.ReadSpecAsync(order.Hold.RunId, cancellationToken);
        await Task.WhenAll(demanding, reading);
        return (await reading).WritePause!;
    }

    private async Task CallAsync(WritesOrder order, HttpCallSpec call, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(HttpMethod.Parse(call.Method), order.HostName, call.Path, cancellationToken);
        var status = (int)response.StatusCode;
        if (status is >= 400 and < 500 and not (408 or 429))
            throw new PermanentFailureException(CutOverCodes.PauseRefused, $"{call.Method} {order.HostName}{call.Path} answered {status}: the site does not take the call that the spec names.");
        if (status is < 200 or >= 300) throw new HttpRequestException($"{call.Method} {order.HostName}{call.Path} answered {status}.");
    }

    /// <exception cref="PermanentFailureException">MIG0318: a write was still taken, or answered otherwise than the spec says.</exception>
    private async Task DemandRefusedAsync(WritesOrder order, PauseProbeSpec probe, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(BetweenRounds, time);
        for (var round = 1; ; round++)
        {
            var statuses = await Task.WhenAll(Enumerable.Range(0, ProbesAtOnce).Select(_ => ProbeAsync(order, probe, cancellationToken)));
            var others = statuses.Where(status => status != probe.Status).ToList();
            if (others.Count == 0) return;
            if (round == Rounds)
                throw new PermanentFailureException(CutOverCodes.PauseNotSeen, $"The site said that writes are paused, but {probe.Method} {order.HostName}{probe.Path} answered {others[0]} instead of {probe.Status}.");
            await pace.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<int> ProbeAsync(WritesOrder order, PauseProbeSpec probe, CancellationToken cancellationToken)
    {
        using var response = await http.SendOnNewConnectionAsync(HttpMethod.Parse(probe.Method), order.HostName, probe.Path, cancellationToken);
        return (int)response.StatusCode;
    }
}
