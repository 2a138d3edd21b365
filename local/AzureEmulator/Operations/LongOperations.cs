using System.Collections.Concurrent;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Operations;

/// <summary>
/// Work that outlives its call. A poll says 202 with the next Location while it runs and then, for as long as the emulator lives,
/// exactly what a synchronous call would have answered.
/// </summary>
internal sealed class LongOperations(EmulatorOptions options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Task<ArmResponse>> _running = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();

    public void Start(string id, Func<CancellationToken, Task<ArmResponse>> work) => _running[id] = Task.Run(() => RunAsync(work));

    /// <summary>The answer to a poll; <paramref name="location"/> makes the link for the next one, anew each time.</summary>
    public async Task<ArmResponse> PollAsync(string id, Func<string> location)
    {
        if (!_running.TryGetValue(id, out var task))
            throw ArmException.Of(404, "NotFound", $"The operation '{id}' was not found.");
        if (task.IsCompleted) return await task;
        return ArmResponse.Accepted(location(), options.RetryAfterSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stop.Dispose();
    }

    private async Task<ArmResponse> RunAsync(Func<CancellationToken, Task<ArmResponse>> work)
    {
        try
        {
            return await work(_stop.Token);
        }
        catch (ArmException refusal)
        {
            return refusal.ToResponse();
        }
        catch (OperationCanceledException)
        {
            return ArmException.Of(409, "OperationCanceled", "The resource is gone, or the emulator is stopping.").ToResponse();
        }
        catch (Exception broken)
        {
            // The operation's failure is its result: the caller finds it by polling, nobody else waits for this task.
            return ArmException.Of(500, "InternalServerError", broken.ToString()).ToResponse();
        }
    }
}
