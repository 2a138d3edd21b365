using System.Diagnostics.Metrics;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>How much of a long history is gone through again, as the engine's own meter counts it.</summary>
internal static class ReplayedEvents
{
    private const int Before = 1000;
    private const int After = 10;

    public static async Task<double> CountAsync(string stateFile)
    {
        await using (var first = await EngineUnderTest.StartAsync(stateFile))
        {
            var id = await first.StartAsync(Workloads.CountEvents, Before + After, "long");
            for (var number = 0; number < Before; number++)
                await first.Client.RaiseEventAsync(id, Workloads.Go, 1);
            await first.IdleAsync();
        }

        long replayed = 0;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "durabletask.events.replayed")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref replayed, count));
        meters.Start();
        await using var second = await EngineUnderTest.StartAsync(stateFile);
        for (var number = 0; number < After; number++)
        {
            await second.Client.RaiseEventAsync("long", Workloads.Go, 1);
            await second.IdleAsync();
        }
        await second.EndAsync("long");
        return replayed;
    }
}
