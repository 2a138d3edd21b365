using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>The slot answers: three times in a row, so that a process about to be replaced does not count as warm.</summary>
public sealed class WarmSlot(SiteHttp http, IOptions<AzureOptions> azure)
{
    private const int InARow = 3;

    [Function(nameof(WarmSlot))]
    public async Task<Convergence> RunAsync([ActivityTrigger] WarmOrder order, CancellationToken cancellationToken)
    {
        for (var good = 0; good < InARow; good++)
            if (await FaultAsync(order, cancellationToken) is { } fault)
                return new Convergence(Done: false, azure.Value.PollInterval / 4, Seen: fault);
        return Convergence.Reached;
    }

    private async Task<string?> FaultAsync(WarmOrder order, CancellationToken cancellationToken)
    {
        var path = order.Path is { Length: > 0 } health ? health : "/";
        try
        {
            using var response = await http.SendAsync(HttpMethod.Get, order.HostName, path, cancellationToken);
            var status = (int)response.StatusCode;
            var warm = order.Path is { Length: > 0 } ? status is >= 200 and < 300 : status < 500;
            return warm ? null : $"{order.HostName}{path} answered {status}";
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return $"{order.HostName}{path} gave no answer: {unreachable.Message}";
        }
    }
}
