using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Verification;

/// <summary>Runs the spec's HTTP checks against a host, eight at a time, two minutes at most. Only looks; a failed check is a result.</summary>
public sealed class CheckSlot(RunDocuments documents, SiteHttp http, TimeProvider time)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Function(nameof(CheckSlot))]
    public async Task<IReadOnlyList<CheckResult>> RunAsync([ActivityTrigger] ProbeOrder order, CancellationToken cancellationToken)
    {
        var spec = await documents.ReadSpecAsync(order.RunId, cancellationToken);
        using var places = new SemaphoreSlim(AtOnce);
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await Task.WhenAll(spec.Verify.Http.Select(async check =>
        {
            try
            {
                await places.WaitAsync(either.Token);
                try { return await RunAsync(order.HostName, check, either.Token); }
                finally { places.Release(); }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new CheckResult(check.Name, check.Path, Status: 0, Longest.TotalMilliseconds, $"was not done within {Longest} for all checks");
            }
        }));
    }

    private async Task<CheckResult> RunAsync(string host, HttpCheckSpec check, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(HttpMethod.Get, host, check.Path, cancellationToken);
            var body = check.Contains is null ? null : await response.Content.ReadAsStringAsync(cancellationToken);
            var elapsed = time.GetElapsedTime(started);
            return new CheckResult(check.Name, check.Path, (int)response.StatusCode, elapsed.TotalMilliseconds, Fault(check, (int)response.StatusCode, body, elapsed));
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new CheckResult(check.Name, check.Path, Status: 0, time.GetElapsedTime(started).TotalMilliseconds, $"no answer: {unreachable.Message}");
        }
    }

    private static string? Fault(HttpCheckSpec check, int status, string? body, TimeSpan elapsed)
    {
        if (status != check.Status) return $"answered {status}, wanted {check.Status}";
        if (check.Contains is { } text && body?.Contains(text, StringComparison.Ordinal) != true) return $"does not contain '{text}'";
        if (check.Within is { } limit && elapsed > limit) return $"took {elapsed.TotalMilliseconds:0} ms, wanted at most {limit.TotalMilliseconds:0} ms";
        return null;
    }
}
