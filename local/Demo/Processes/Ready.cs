namespace Orchestrator.Local.Demo.Processes;

internal static class Ready
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Returns when <paramref name="probe"/> says so. Throws with the end of its log when the child ends first, or takes too long.</summary>
    public static async Task WaitAsync(Child child, Func<CancellationToken, Task<bool>> probe, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            if (child.HasExited)
            {
                throw new DemoException($"{child.Name} ended while it was starting.{Environment.NewLine}{child.Tail()}");
            }

            try
            {
                if (await probe(limit.Token))
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new DemoException($"{child.Name} was not ready within {Limit.TotalSeconds} s.{Environment.NewLine}{child.Tail()}");
            }
        }
    }
}
