namespace Orchestrator.Local.DurableTask.Telemetry;

/// <summary>The application's loggers and meters, told on the thread of the commits.</summary>
internal static class Listeners
{
    /// <summary>What one of them throws is its own affair: it must not end the commits of everybody.</summary>
    public static void Tell(Action news)
    {
        try
        {
            news();
        }
        catch (Exception)
        {
            // It is the telling that failed, so that there is nobody left to tell.
        }
    }
}
