namespace Orchestrator.Benchmarks.Footprint;

/// <summary>Reads all counters of a world at one moment.</summary>
internal sealed class Meter(FootprintWorld world) : IDisposable
{
    public History History { get; } = new(world.StateFile);

    public ArmCalls Arm { get; } = new(world.Emulator.Addresses.Control);

    public async Task<Reading> TakeAsync(CancellationToken cancellationToken)
    {
        var counts = History.Take();
        counts.Add(world.Proxy.Take());
        counts.Add(ArmCalls.Of(await Arm.AllAsync(cancellationToken)));
        foreach (var line in Lines(world.AppLog))
        {
            counts["log.lines"]++;
            counts["log.bytes"] += line.Length;
        }

        return new Reading(DateTimeOffset.UtcNow, counts);
    }

    /// <returns>The peak of the app's working set in MB, and the processor time it has used.</returns>
    public (double Memory, double Processor) Process()
    {
        using var process = System.Diagnostics.Process.GetProcessById(world.App.ProcessId);
        return (Math.Round(process.PeakWorkingSet64 / 1048576.0, 1), Math.Round(process.TotalProcessorTime.TotalSeconds, 1));
    }

    public void Dispose()
    {
        History.Dispose();
        Arm.Dispose();
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }
}

/// <summary>The counters, and when they stood so.</summary>
internal sealed record Reading(DateTimeOffset Time, Counts Counts);
