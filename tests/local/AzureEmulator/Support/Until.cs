namespace Orchestrator.Local.AzureEmulator.Tests.Support;

internal static class Until
{
    /// <summary>Waits until the condition holds; fails after the limit.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, int seconds = 15)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not within {seconds} s: {what}");
        }
    }
}
