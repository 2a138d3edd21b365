using System.Net;

namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>Asks an instance until it answers, the way App Service pings a worker: plain HTTP from inside, any answer counts.</summary>
internal sealed class WarmUp(HttpMessageInvoker invoker)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">Nothing answered within the limit.</exception>
    /// <exception cref="InvalidOperationException">The process ended instead.</exception>
    public async Task UntilItAnswersAsync(ISlotInstance instance, string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            while (await PingAsync(instance, path, null, deadline.Token) is null)
            {
                if (instance.Exited.IsCompleted) throw new InvalidOperationException("The process ended before it answered.");
                await Task.Delay(Pause, deadline.Token);
            }
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The process did not answer within {limit.TotalSeconds} s.", cause);
        }
    }

    /// <returns>The status, or null when there was no answer.</returns>
    public async Task<HttpStatusCode?> PingAsync(ISlotInstance instance, string path, string? host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(instance.Address, path));
        request.Headers.UserAgent.ParseAdd("AlwaysOn");
        if (host is not null) request.Headers.Host = host;
        try
        {
            using var response = await invoker.SendAsync(request, cancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
